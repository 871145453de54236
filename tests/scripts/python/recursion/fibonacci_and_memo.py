def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

memo = {}

def fast(n):
    if n not in memo:
        memo[n] = n if n < 2 else fast(n - 1) + fast(n - 2)
    return memo[n]

print([fib(n) for n in range(15)], fast(150))

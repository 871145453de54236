def even(n):
    return True if n == 0 else odd(n - 1)

def odd(n):
    return False if n == 0 else even(n - 1)

print(even(10), odd(7), even(7), [n for n in range(10) if odd(n)])

# Prime sieve: list indexing and stores in a tight loop.
def sieve(n):
    flags = [True] * (n + 1)
    count = 0
    for i in range(2, n + 1):
        if flags[i]:
            count += 1
            j = i * i
            while j <= n:
                flags[j] = False
                j += i
    return count


total = 0
for _ in range(12):
    total += sieve(500000)
print(total)

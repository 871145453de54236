def steps(n):
    count = 0
    while n != 1:
        n = 3 * n + 1 if n & 1 else n >> 1
        count += 1
    return count

for start in (1, 7, 27, 97, 871, 2 ** 63 - 1, 2 ** 100 - 1):
    print(start, steps(start))

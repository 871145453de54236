# Permutations and prefix reversals: list slicing and swapping.
def fannkuch(n):
    perm = list(range(n))
    count = [0] * n
    best = checksum = index = 0
    r = n
    while True:
        while r != 1:
            count[r - 1] = r
            r -= 1
        if perm[0] != 0:
            work = perm[:]
            flips = 0
            first = work[0]
            while first:
                work[:first + 1] = work[first::-1]
                flips += 1
                first = work[0]
            if flips > best:
                best = flips
            checksum += flips if index % 2 == 0 else -flips
        while True:
            if r == n:
                return checksum, best
            perm.insert(r, perm.pop(0))
            count[r] -= 1
            if count[r] > 0:
                break
            r += 1
        index += 1
        r = max(r, 1)


print(fannkuch(9))

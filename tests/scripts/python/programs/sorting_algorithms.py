def bubble(a):
    a = a[:]
    for i in range(len(a)):
        for j in range(len(a) - 1 - i):
            if a[j] > a[j + 1]:
                a[j], a[j + 1] = a[j + 1], a[j]
    return a

def quick(a):
    if len(a) < 2:
        return a
    pivot, *rest = a
    return quick([x for x in rest if x < pivot]) + [pivot] + quick([x for x in rest if x >= pivot])

def merge(a):
    if len(a) < 2:
        return a
    mid = len(a) // 2
    left, right, out = merge(a[:mid]), merge(a[mid:]), []
    while left and right:
        out.append((left if left[0] <= right[0] else right).pop(0))
    return out + left + right

def counting(a):
    counts = [0] * (max(a) + 1)
    for x in a:
        counts[x] += 1
    return [i for i, n in enumerate(counts) for _ in range(n)]

data = [(i * 7919) % 83 for i in range(60)]
print([f(data) == sorted(data) for f in (bubble, quick, merge, counting)], quick(data)[:10])

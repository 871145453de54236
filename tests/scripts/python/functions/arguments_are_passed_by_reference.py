def change(items, n, d):
    items.append(99)
    n += 1
    d = {"new": 1}
    items = []
    return items, n, d

a, b, c = [1], 1, {"old": 1}
print(change(a, b, c), a, b, c)

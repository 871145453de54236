def unique(items):
    seen = set()
    return [x for x in items if not (x in seen or seen.add(x))]

print(unique([3, 1, 3, 2, 1]), unique("mississippi"), unique([1, 1.0, True, "1"]))

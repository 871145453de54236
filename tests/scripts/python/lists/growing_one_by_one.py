# Buffers of short lists come from lists that are gone: what was in those must never show, nor the two share one.
def filled(count, make):
    items = []
    for n in range(count):
        items.append(make(n))
    return items


makers = [lambda n: n, lambda n: str(n), lambda n: n / 2, lambda n: n % 2 == 0, lambda n: None, lambda n: n if n % 5 else str(n), lambda n: [n]]
for round in range(3):
    kept = []
    for count in range(70):
        for make in makers:
            items = filled(count, make)
            kept.append((count, make, items))
            filled(count, makers[(count + round) % len(makers)])
    for count, make, items in kept:
        if items != [make(n) for n in range(count)]:
            print("differs", count, items)
    print(round, len(kept), sum(len(items) for _, _, items in kept))
for count in (0, 1, 2, 3, 4, 5, 8, 9, 16, 17, 32, 33):
    first = ["x"] * count
    second = first[:]
    first.append("a")
    second.append(1)
    second.append("b")
    third = second + first
    third.pop()
    third.append(None)
    first.append(first[-1])
    print(count, len(first), first[-2:], second[-2:], len(third), third[-1], first[:1], second.count("x"))

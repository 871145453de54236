# Loops over pairs, whatever produces them.
it = iter([1, 2, 3, 4, 5])
print([(a, b) for a, b in zip(it, it)], list(it))
xs = [1, 2, 3]
for a, b in zip(xs, xs):
    if len(xs) < 6:
        xs.append(a * 10)
    print(a, b, end=" ")
print()
for i, x in enumerate(xs):
    if i == 2:
        xs.append("late")
    print(i, x, end=" ")
print()
for i, x in enumerate(xs, 2**63 - 2):
    print(i, x, end=" ")
    if i > 2**63:
        break
print()
shorter = iter([1, 2])
longer = iter([10, 20, 30, 40])
print(list(zip(shorter, longer)), list(longer))
longer = iter((10, 20, 30, 40))
for a, b in zip(longer, [1, 2]):
    print(a, b, end=" ")
print(list(longer))
for a, b in [(1, 2), [3, 4], "ab", {5: 0, 6: 0}.keys()]:
    print(a, b, end=" ")
print()
for bad in [[(1, 2), (3,)], [(1, 2), (3, 4, 5)], [(1, 2), 7], ((1, 2), None), ["abc"]]:
    try:
        for a, b in bad:
            print(a, b, end=" ")
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)


class Pair:
    pass


p = Pair()
box = [0, 0]
for p.x, box[1] in [(1, 2), (3, 4)]:
    print(p.x, box)
for (a, b), c in zip([(1, 2), (3, 4)], "xy"):
    print(a, b, c)
print([x * y for x, y in zip((1, 2, 3), [4.0, 5.0, 6.0])], sum(x * y for x, y in zip(range(3), (1, 2, 3))))
print({k: v for k, v in enumerate("abc")}, [k for k, v in {1: 2, 3: 4}.items()], list(enumerate((7, 8), start=-1)))
for a, b in enumerate([]):
    print("never")
for a, b in zip([], [1]):
    print("never")
e = enumerate(["a", "b"])
for n, x in e:
    print(n, x)
print(list(e))

f = frozenset([1, 2, 2])
d = {f: "value"}
print(d[frozenset((2, 1))], len(f), f == {1, 2}, f | {3} == {1, 2, 3}, type(f | {3}), type({3} | f), frozenset(), frozenset([5]))
print({frozenset([1]), frozenset([1])} == {frozenset([1])}, hash(frozenset("ab")) == hash(frozenset("ba")))
try:
    f.add(3)
except AttributeError as e:
    print(e)
try:
    {set()}
except TypeError as e:
    print(e)

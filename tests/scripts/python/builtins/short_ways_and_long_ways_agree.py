# Natives with a short way for common arguments: everything else takes the long one.
class Sized:
    def __len__(self):
        return 3


class Text(str):
    def __len__(self):
        return 99


class Meta(type):
    def __instancecheck__(cls, obj):
        return obj == 5


class Hooked(metaclass=Meta):
    pass


class Stack(list):
    def append(self, x):
        super().append(x * 2)


class Key:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        return isinstance(other, Key)


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


print(len("abc"), len("äöü"), len([1]), len((1, 2)), len({}), len({1}), len(b"ab"), len(range(4)), len(Sized()), len(Text("a")))
print(attempt(len, 5), attempt(len), attempt(len, [], []))
print(isinstance(5, Hooked), isinstance(6, Hooked), isinstance(True, int), isinstance(1, (str, (int, float))))
print(isinstance(1, ()), isinstance("a", (int, str)), isinstance(1, int | str), attempt(isinstance, 1, 5), attempt(isinstance, 1, (str, 5)))
print(ord("a"), ord("é"), ord("\U0001f600"), ord(b"a"), attempt(ord, "ab"), attempt(ord, ""), attempt(ord, 5))
print(chr(65), chr(127), chr(128), chr(0x1F600), attempt(chr, -1), attempt(chr, 0x110000), attempt(chr, "a"), chr(True) == "\x01")
print(abs(-5), abs(5), abs(-0.0), abs(-(2**63)), abs(True), attempt(abs, "a"))
print(min(1, 2), min(2.5, 1.5), max(1, 2), max(1, 2.5), min(1, 1.0), max(1, 1.0), min(True, 0), attempt(min, 1), attempt(max, 1, "a"))
nan = float("nan")
print(min(nan, 1.0), min(1.0, nan), max(nan, 1.0), max(1.0, nan), min(3, 1, 2), max("b", "a"), min(0.0, -0.0), max(-0.0, 0.0))
print(min(5, 3, key=lambda x: -x), max([1, 5, 2]), attempt(max, []), max([], default=7))
s = Stack()
s.append(4)
print(s, s.pop(), attempt(s.pop))
xs = [1, 2.5, "a", None]
print(xs.pop(), xs.pop(0), xs.pop(-1), attempt(xs.pop, 7), attempt(xs.pop, "a"), xs)
print(attempt([].append), attempt([].append, 1, 2), [].append(1))
d = {1: "one", "two": 2, (3, 4): "t", Key(): "key", 1.5: "f"}
print(d.get(1), d.get(True), d.get(1.0), d.get("two"), d.get((3, 4)), d.get(Key()), d.get(1.5), d.get(9), d.get(9, "no"), d.get("x", None))
print(attempt(d.get, []), attempt(d.get), attempt(d.get, 1, 2, 3), attempt(d.get, 1, default=2))
st = set()
for x in [1, 1.0, True, "a", "a", (1, 2), Key(), Key(), None]:
    st.add(x)
print(len(st), st.add(5), attempt(st.add, []), attempt(st.add))
grown = []
for i in range(70):
    grown.append(i)
    if i in (1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 33, 64):
        copy = list(grown)
        grown.append("x")
        assert grown[:-1] == copy, i
        assert grown.pop() == "x"
print(grown[::9], sum(grown))
lists = [[] for _ in range(50)]
for n in range(40):
    for k, xs in enumerate(lists):
        xs.append(n * k)
    if n % 3 == 0:
        lists = [xs[:] for xs in lists]
print([sum(xs) for xs in lists[::7]])

a = list(range(10))
print(a[2:5], a[:], a[::-1], a[7:2:-2], a[-3:], a[:-8], a[20:], a[5:2], a[::3], a[-1::-1])
t = tuple(a)
print(t[2:5], t[::-1], t[:] is t, t[3:3], t[8:100])
s = "hello wörld"
print(s[1:4], s[::-1], s[6:], s[-4:-1], s[:] is s, s[7:8], s[3:1], s[::2])
ascii = "abcdef"
print(ascii[2:3], ascii[::-1], ascii[-2:], ascii[4:0:-1], ascii[100:], repr(ascii[3:3]))
work = [4, 2, 1, 3]
work[: 3 + 1] = work[3::-1]
print(work)
work[1:2] = [7, 8, 9]
print(work)
work[:] = work
work[2:2] = work
print(work)
work[1:] = ["a", None, 1.5]
work[len(work) :] = [True]
print(work)
work[0:2] = []
print(work)
empty = []
empty[:] = [1, 2]
empty[5:] = (3,)
print(empty)
ints = [1, 2, 3]
ints[1:2] = [2.5]
print(ints)
big = 10**30
print(a[big:], a[-big:3], a[:big], a[True:3], a[None:2:None])


class Index:
    def __index__(self):
        return 2


print(a[Index() :][0], "abc"[Index() :], a[: Index()])
for bad in ("a[::0]", "a['x':]", "'abc'[1.5:]", "t[::0]"):
    try:
        eval_ = {"a[::0]": lambda: a[::0], "a['x':]": lambda: a["x":], "'abc'[1.5:]": lambda: "abc"[1.5:], "t[::0]": lambda: t[::0]}
        eval_[bad]()
    except (ValueError, TypeError) as e:
        print(bad, e)
try:
    a[1:2] = 5
except TypeError as e:
    print(e)

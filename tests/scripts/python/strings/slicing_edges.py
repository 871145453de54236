s = "abcdef"
print(s[2:], s[:2], s[:], s[10:], s[-100:2], repr(s[3:1]), s[5:2:-1], s[::-2], s[-1::-3], s[1:-1])
print(s[None:3], s[2:None], s[slice(1, 4)], s[True])
for bad in (lambda: s[6], lambda: s[-7], lambda: s["a"], lambda: s[1.0], lambda: s[::0]):
    try:
        bad()
    except (IndexError, TypeError, ValueError) as e:
        print(type(e).__name__ + ":", e)

print("{} {}".format("a", "b"), "{1} {0} {1}".format("x", "y"), "{name!r} {n:>5}".format(name="q", n=7))
print("{0[1]} {0[0]} {d[key]} {c.__name__}".format([1, 2], d={"key": "v"}, c=int), "{{literal}} {:{w}.{p}f}".format(3.14159, w=8, p=2))
print("{:*^9}".format("mid"), "{!s:>4}".format(None), "{:,}".format(1234567))
for fmt, args in (("{} {}", ("a",)), ("{} {0}", ("a",)), ("{x}", ()), ("{", ()), ("}", ())):
    try:
        print(fmt.format(*args))
    except (IndexError, KeyError, ValueError) as e:
        print(type(e).__name__ + ":", e)

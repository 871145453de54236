# The fast way for usual specs must not change what the general way says.
ints = [0, 1, -1, 9, 10, 42, -42, 99, 100, 101, 999, 1000, 12345, -98765, 10**9, 2**63 - 1, -2**63, 2**63, 10**25]
for n in ints:
    print(f"{n}", f"{n:5}", f"{n:<5}|", f"{n:>5}", f"{n:^6}|", f"{n:05}", f"{n:05d}", f"{n:d}", f"{n:x}", f"{n:8x}", f"{n:08x}", f"{n:99}"[-4:], f"{n:100}"[-4:])
    print("%d %5d %-5d| %05d %x %s %5s %-6s|" % (n, n, n, n, n, n, n, n), str(n), repr(n))
for f in [0.0, -0.0, 0.5, 1.5, 2.5, -2.5, 0.125, 2.675, 1e-7, -1e-7, 0.05, 0.15, 1 / 3, 2 / 3, 1e15 + 0.5, 123456789.987654321, 2.0**53, 2.0**60, 1e22, 5e-324, 1e300, 99.995, 0.9999999, float("inf"), float("nan")]:
    print(f"{f:.0f}", f"{f:.1f}", f"{f:.2f}", f"{f:8.3f}", f"{f:<9.3f}|", f"{f:^12.2f}|", f"{f:09.3f}", f"{f:f}", f"{f:.17f}"[:40], f"{f:.18f}"[:40])
    print("%.0f %.1f %8.3f %-9.2f| %09.2f %f %+.1f % .2f %#.0f" % (f, f, f, f, f, f, f, f, f))
for s in ["", "a", "abc", "é", "aé🎉", "a" * 130]:
    print(f"{s}|", f"{s:3}|", f"{s:<4}|", f"{s:>4}|", f"{s:^5}|", f"{s:5s}|", f"{s:.2}|", f"{s:99}"[-3:], len(f"{s:99}"), len(f"{s:130}"), len(f"{s:131}"))
    print("%s|%3s|%-4s|%.2s|%5.1s|" % (s, s, s, s, s))
print(f"{True:5}|{True:d}|{False}|{None}|{True!s:6}|{3!r:>4}|{'x'!r:6}|")
width, precision = 8, 2
print(f"{3.14159:{width}.{precision}f}|{42:{width}}|{'ab':>{width}}|{7:0{width}}")
for value, spec in [(1, "s"), ("a", "d"), ("a", "05"), ("a", ".1f"), (1, ".2"), (1.5, "d"), (1.5, "x"), ("a", "=5"), (1, "5.1f"), (1, "0<5"), (1, "*^7"), (1, "1000d"), (1.5, "5"), ("a", "<05")]:
    try:
        print(repr(format(value, spec))[-20:])
    except ValueError as e:
        print(type(e).__name__, e)

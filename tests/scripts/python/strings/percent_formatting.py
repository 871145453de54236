print("%s is %d years" % ("Ann", 30), "%r %s" % ("x", "x"), "%5.2f|%-8s|%08d|%+d" % (3.14159, "ab", 42, 7))
print("%x %X %o %#x %c %c %%" % (255, 255, 8, 255, "z", 65))
print("%(name)s=%(value)d" % {"name": "n", "value": 5}, "%s" % [1, 2], "%s" % (1,))
print("%e %g %g %.3g" % (12345.678, 0.00001, 1e10, 1234.5), "%*d|%-*d|" % (5, 42, 5, 42))
for fmt, arg in (("%d", "x"), ("%s %s", ("a",)), ("%s", (1, 2)), ("%z", 1)):
    try:
        print(fmt % arg)
    except (TypeError, ValueError) as e:
        print(type(e).__name__ + ":", e)

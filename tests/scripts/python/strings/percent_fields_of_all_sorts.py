# Usual fields have a way of their own; it must agree with the general one, and leave it whatever else there is.
ints = [0, 7, -7, 255, -255, 123456789, 2**63 - 1, -2**63, 2**63, True]
for flags in ["", "-", "+", " ", "0", "-0", "0-", "+0", " +", "+ ", "- ", "#", "#0"]:
    for size in ["", "1", "6", "06", "99", "100", ".0", ".3", "8.3", "8."]:
        for kind in "diuxXos":
            template = "[%" + flags + size + kind + "]"
            print(template, [(template % n)[-24:] for n in ints[:: 3 if size else 1]])
        for kind in "fFeEgGs":
            template = "<%" + flags + size + kind + ">"
            print(template, [(template % x)[-24:] for x in [0.0, -0.0, 2.5, -1234.5678, 1e-9, float("inf"), 3, -4]])
for text in ["", "a", "é", "日本語", "a" * 121, "é" * 121]:
    print("%s|%3s|%-3s|%05s|%+s|%.1s|%5.2s" % (text, text, text, text, text, text, text))
print("%s %s %s %5s|%-6s|" % (None, True, False, None, True))
print("%d%%" % 5, "%%" % (), "%% %s" % "x", "%s%s" % ("é", 1), "é%dé" % 1, "%s" % "%s", "%s %%s" % 1)
print("%s" % ((),), "%s" % ((1, 2),), "%s" % [1], "%s" % {}, "%(a)s %(b)d" % {"a": 1, "b": 2}, "abc" % {}, "abc" % [])
print("%ld %hd %Lf" % (1, 2, 3), "%*d|%-*d|%.*f" % (5, 1, 5, 2, 1, 2.25), "%c%c" % (65, "é"))
print("%r %a" % ("é", "é"), "%5r" % "x", "%d %i %f" % (1.9, -1.9, 2**70))
print(len("%s" % ("x" * 1000)), len("x" * 300 + "%d" % 5), len(("%d " * 200) % ((12345,) * 200)))


class Named:
    def __str__(self):
        return "str"

    def __repr__(self):
        return "repr"

    def __index__(self):
        return 12

    def __float__(self):
        return 1.5


class Text(str):
    def __str__(self):
        return "other"


class Template(str):
    def __mod__(self, other):
        return "mine"


print("%d %s %r" % (1, Named(), Named()), "%x %f" % (Named(), Named()), "%s" % Named(), "%s" % Text("x"), Template("%s") % 1)
for template, args in [("%d", "x"), ("%d", None), ("%s %s", ("a",)), ("%s", (1, 2)), ("%s", ()), ("", 1), ("x", (1,)), ("%", 1), ("%5", 1), ("%.", 1), ("%y", 1), ("%d %", (1, 2)), ("%f", "x"), ("%x", 1.5), ("%(a)s", 1), ("%c", "ab"), ("%*d", ("a", 1))]:
    try:
        print(repr(template % args))
    except (TypeError, ValueError) as e:
        print(template, type(e).__name__ + ":", e)
x = 5
x %= 3
s = "<%d>"
s %= 3
print(x, s)
try:
    5 % "x"
except TypeError as e:
    print(e)

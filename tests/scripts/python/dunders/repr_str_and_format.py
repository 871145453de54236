class OnlyRepr:
    def __repr__(self):
        return "repr!"

class Both(OnlyRepr):
    def __str__(self):
        return "str!"

print(OnlyRepr(), str(OnlyRepr()), [OnlyRepr()], f"{OnlyRepr()}", Both(), [Both()], {1: Both()}, f"{Both()} {Both()!r}", "%s %r" % (Both(), Both()), "{} {!r}".format(Both(), Both()))

class Bad:
    def __repr__(self):
        return 5

    def __str__(self):
        return None

for f in (repr, str):
    try:
        f(Bad())
    except TypeError as e:
        print(e)

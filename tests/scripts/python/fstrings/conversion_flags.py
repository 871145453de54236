class Thing:
    def __repr__(self):
        return "<repr é>"

    def __str__(self):
        return "<str é>"

t = Thing()
print(f"{t} {t!s} {t!r} {t!a}", f"{t!r:>12}|{t!s:*<12}|")

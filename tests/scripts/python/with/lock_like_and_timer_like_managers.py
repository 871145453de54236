class Indent:
    level = 0

    def __enter__(self):
        Indent.level += 1
        return self

    def __exit__(self, *exc):
        Indent.level -= 1

    def print(self, text):
        print("  " * Indent.level + text)

with Indent() as a:
    a.print("one")
    with Indent() as b:
        b.print("two")
        with a:
            a.print("three")
    a.print("one again")
print(Indent.level)

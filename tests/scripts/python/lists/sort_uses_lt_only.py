class Version:
    def __init__(self, text):
        self.parts = [int(p) for p in text.split(".")]

    def __lt__(self, other):
        return self.parts < other.parts

    def __repr__(self):
        return ".".join(str(p) for p in self.parts)

vs = [Version(t) for t in ("1.10", "1.2", "1.9.1", "0.5", "1.2.0")]
print(sorted(vs), max(vs), min(vs), sorted(vs, reverse=True))

class V:
    def __init__(self, n):
        self.n = n

    def __lt__(self, o):
        return self.n < o.n

    def __gt__(self, o):
        return self.n > o.n

    def __repr__(self):
        return f"V{self.n}"

vs = [V(3), V(1), V(2)]
print(sorted(vs), min(vs), max(vs), sorted(vs, reverse=True), sorted([(v, 1) for v in vs])[0], min(V(5), V(4)), sorted([[v] for v in vs]))
vs.sort()
print(vs)

class Refuses:
    def __lt__(self, o):
        raise ValueError("will not compare")

for f in (lambda: sorted([Refuses(), Refuses()]), lambda: min([Refuses(), Refuses()]), lambda: [Refuses()] < [Refuses()]):
    try:
        f()
    except ValueError as e:
        print(e)

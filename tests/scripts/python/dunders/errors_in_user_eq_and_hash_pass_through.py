class Bad:
    def __init__(self, hash_ok):
        self.hash_ok = hash_ok

    def __hash__(self):
        if not self.hash_ok:
            raise ValueError("no hash")
        return 1

    def __eq__(self, other):
        raise ValueError("no eq")

def attempt(f):
    try:
        print(f())
    except ValueError as e:
        print("ValueError:", e)

d = {Bad(True): "first"}
attempt(lambda: {Bad(False): 1})
attempt(lambda: d[Bad(True)])
attempt(lambda: d.get(Bad(True)))
attempt(lambda: d.setdefault(Bad(True), 1))
attempt(lambda: Bad(True) in d)
attempt(lambda: {Bad(True), Bad(True)})
attempt(lambda: Bad(True) in [Bad(True)])
attempt(lambda: [Bad(True)].remove(Bad(True)))
attempt(lambda: [Bad(True)] == [Bad(True)])
attempt(lambda: hash((1, Bad(False))))
print(len(d))

log = []

class M:
    def __init__(self, n):
        self.n = n

    def __enter__(self):
        log.append(f"+{self.n}")
        return self.n

    def __exit__(self, *e):
        log.append(f"-{self.n}")
        return self.n == 2

def down(n):
    with M(n):
        if n == 4:
            raise ValueError
        down(n + 1)
        log.append("after")

down(0)
print(log)
log.clear()

def gen():
    for i in range(3):
        with M(i * 10) as v:
            yield v

for v in gen():
    if v == 10:
        break
print(log[:3])

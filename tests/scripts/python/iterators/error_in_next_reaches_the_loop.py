class Bad:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n == 3:
            raise ValueError("third")
        return self.n

seen = []
try:
    for x in Bad():
        seen.append(x)
except ValueError as e:
    print(seen, e)
for consume in (list, tuple, sum, max, sorted, set, lambda b: [*b], lambda b: dict.fromkeys(b), lambda b: ",".join(map(str, b))):
    try:
        consume(Bad())
    except ValueError as e:
        print(e, end="; ")
print()

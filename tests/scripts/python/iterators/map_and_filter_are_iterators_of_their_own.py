# map, filter, zip and enumerate make iterators, not generators, whatever they iterate.
def gen(n):
    yield from range(n)


def stop_at_two(x):
    if x == 2:
        raise StopIteration
    return x


made = [
    map(str, [1]), map(str, gen(2)), map(max, gen(2), [5, 0]), filter(None, [1]), filter(stop_at_two, gen(2)),
    zip(gen(1)), zip(gen(2), [1, 2]), zip(gen(1), [3], [4], strict=True), enumerate(gen(1)), enumerate([5]),
    iter(lambda: 1, 1),
]
for m in made:
    print(type(m).__name__, iter(m) is m, repr(m).split(" at ")[0], hasattr(m, "send"), hasattr(m, "gi_running"), list(m))

# StopIteration out of the function ends the consumer, and the iterator goes on behind it.
print(list(map(stop_at_two, [0, 1, 2, 3])), list(filter(stop_at_two, [1, 2, 3])), [*map(stop_at_two, gen(5))])
m = map(stop_at_two, [1, 2, 3, 4])
for x in m:
    print(x)
print(list(m), next(m, "end"))
m = map(stop_at_two, [2, 5])
try:
    next(m)
except StopIteration as stop:
    print("stop", stop.args)
print(next(m))


# So do other exceptions.
def inverse(x):
    return 1 // x


m = map(inverse, [1, 0, -1])
results = []
while True:
    try:
        results.append(next(m))
    except ZeroDivisionError as e:
        results.append(str(e))
    except StopIteration:
        break
print(results)
f = filter(inverse, iter([0, 1, 0, 1]))
for _ in range(2):
    try:
        for x in f:
            print("kept", x)
    except ZeroDivisionError:
        print("zero")
print(list(f))
two = map(lambda a, b: a // b, gen(4), [1, 0, 1])
try:
    print(list(two))
except ZeroDivisionError:
    print(list(two))


def delegates():
    try:
        yield from map(stop_at_two, [1, 2, 3])
    finally:
        print("done")
    yield "after"


print(list(delegates()))


class Broken:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n == 2:
            raise ValueError("second")
        if self.n == 4:
            raise StopIteration
        return self.n


for lazy in (map(str, Broken()), enumerate(Broken(), 5), zip(Broken(), "abcd"), filter(None, Broken())):
    got = []
    for attempt in range(2):
        try:
            for item in lazy:
                got.append(item)
        except ValueError as e:
            got.append(str(e))
    print(got)

# In every consumer.
print(sum(map(inverse, [1, 1])), max(map(len, ["a", "bcd"])), ",".join(map(str, gen(4))), set(map(abs, [-1, 1])))
print(any(map(inverse, [2, 1])), all(filter(None, [1, 0, 2])), sorted(map(lambda x: -x, gen(4))), dict(map(divmod, [5], [3])))
a, b, *c = map(int, "1234")
print(a, b, c, tuple(filter(str.isalpha, "a1b2")), dict(zip("ab", map(int, "12"))), 3 in map(int, "123"))
print([*zip(map(int, "12"), filter(None, [0, 7, 8]))], list(reversed(list(map(str, gen(3))))))


def nested(n):
    m = gen(n)
    for _ in range(50):
        m = map(lambda x: x + 1, m)
    return list(m)


print(nested(3))
try:
    map(str)
except TypeError as e:
    print(e)
try:
    map(str, 5)
except TypeError as e:
    print(e)

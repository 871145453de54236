# Closures, cells, lambdas, default and keyword arguments.
def make_counter(step):
    total = 0

    def count(times=1):
        nonlocal total
        total += step * times
        return total

    return count


def compose(f, g):
    return lambda x: f(g(x))


def apply(f, x, *, offset=0):
    return f(x) + offset


def run(n):
    up, down = make_counter(2), make_counter(-1)
    chain = compose(lambda x: x + 1, compose(lambda x: x * 3, lambda x: x - 2))
    total = 0
    for i in range(n):
        up()
        down(times=2)
        total += chain(i) & 255
        total += apply(abs, -i, offset=1) & 3
    return total, up(0), down(0)


print(run(1300000))

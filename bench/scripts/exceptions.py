# raise and catch in a loop, try blocks that do not raise, finally, unwinding through frames.
class Odd(Exception):
    def __init__(self, n):
        super().__init__(n)
        self.n = n


def check(n):
    if n & 1:
        raise Odd(n)
    return n


def deep(depth, n):
    if depth == 0:
        return check(n)
    try:
        return deep(depth - 1, n)
    finally:
        deep.seen += 1


deep.seen = 0


def run(n):
    total = 0
    for i in range(n):
        try:
            total += check(i)
        except Odd as e:
            total -= e.n
    for i in range(n * 4):
        try:
            total += i & 7
        except ValueError:
            total = 0
        else:
            total ^= 1
    missing = {}
    for i in range(n):
        try:
            missing[i]
        except (KeyError, IndexError):
            total += 1
    for i in range(n // 8):
        try:
            total += deep(6, i)
        except Odd:
            total += 2
    return total, deep.seen


print(run(500000))

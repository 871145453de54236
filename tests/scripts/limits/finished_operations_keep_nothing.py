# flags: --memory 24M
# An operation that needs several steps keeps values meanwhile, but not for longer.
class Key:
    def __hash__(self):
        return 7

    def __eq__(self, other):
        return True


def numbers(n):
    for i in range(n):
        yield i


def loop(n):
    key = Key()
    for i in numbers(n):
        s = {i, 1}
        d = {i: 2, **{i: 3}}
        t = {*s, i}
    s = {key, i}
    d = {key: i, 5: i}
    return len(t), len(s), len(d)


print(loop(150000))  # expect: (2, 2, 2)
print("".join(c for c in "aé€z𝄞b"), [*"é1"])  # expect: aé€z𝄞b ['é', '1']

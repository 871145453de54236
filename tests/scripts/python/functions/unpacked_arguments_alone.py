# `f(*args)` and `f(**kwargs)` with nothing else: the callee gets values, never the caller's containers.
class Mapping:
    def keys(self):
        return ["a", "b"]

    def __getitem__(self, key):
        return key * 2


class Words(dict):
    pass


def f(*args, **kwargs):
    kwargs["added"] = 1
    return args, kwargs


def g(a, b=5):
    return a, b


def gen():
    yield 1
    yield 2


given = {"a": 1}
print(f(**given), given, f(**Mapping()), f(**Words(x=3)), f(**{}), f())
items = [1, 2]
print(f(*items), f(*(3, 4)), f(*gen()), f(*"ab"), f(*{5: 6}), f(*[]), f(*range(3)), items)
print(g(*items), g(*(7,)), g(**given), g(*(1,), **{"b": 2}), g(1, **{"b": 3}))


def grow():
    items.append(99)
    return {}


print(f(*items, **grow()), items)


class Method:
    def m(self, *args, **kwargs):
        return args, sorted(kwargs.items())


print(Method().m(*items, **given), Method.m(*[Method(), 1]), print(*["a", "b"], **{"sep": "-"}))


def wrapper(fn):
    def inner(*args, **kwargs):
        return fn(*args, **kwargs)

    return inner


print(wrapper(wrapper(g))(1), wrapper(g)(b=1, a=2), wrapper(sorted)([2, 1], reverse=True), wrapper(dict)(a=1))
for call in (
    lambda: f(*5), lambda: f(**5), lambda: f(**{1: 2}), lambda: g(*[1, 2, 3]), lambda: g(**{"c": 1}), lambda: f(*None),
    lambda: g(1, **{"a": 2}), lambda: Method().m(**[]), lambda: wrapper(g)(), lambda: len(*[]),
):
    try:
        print(call())
    except TypeError as e:
        print(e)
print(max(3, 1), min(2.5, 2), max(1, True), max(True, 1), min(0, -0.0), max("b", "a"), max(1, 2.0, 3), min([2], [1]))
print(int("7"), int("0012"), int("999999999999999999"), int("9999999999999999999"), int(" 5 "), int("-3"), int("١٢"))
for bad in ("", " ", "1_", "_1", "1 2", "0x1", "+", "5a"):
    try:
        print(int(bad))
    except ValueError as e:
        print(e)
print(int("1_000"), int(b"42"))

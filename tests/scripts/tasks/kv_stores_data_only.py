import scriptling.runtime as runtime
import scriptling.runtime.kv as kv
import scriptling.runtime.sync as sync


class Point:
    pass


class Text(str):
    pass


for bad in (
    lambda: 1,
    len,
    Point,
    Point(),
    Text("x"),
    ValueError("x"),
    (n for n in []),
    sync.Queue("q"),
    kv.default,
    {"a": [0, (1, {2: [print]})]},
    {(1, Point()): 2},
):
    try:
        kv.set("k", bad)
    except TypeError as e:
        print(e)
# expect: kv value: function is not data
# expect: kv value: builtin_function_or_method is not data
# expect: kv value: type is not data
# expect: kv value: Point is not data
# expect: kv value: Text is not data
# expect: kv value: ValueError is not data
# expect: kv value: generator is not data
# expect: kv value: Queue is not data
# expect: kv value: Store is not data
# expect: kv value: dict["a"]: list[1]: tuple[1]: dict[2]: list[0]: builtin_function_or_method is not data
# expect: kv value: dict key: tuple[1]: Point is not data
print(kv.exists("k"))  # expect: False
value = [None, True, 2 ** 100, -0.0, b"\xff", (1, [2]), {3: {4}, (5, 6): frozenset([7])}, range(9)]
value.append(value)
kv.set("k", value)
back = kv.get("k")
print(back[:-1], back[-1] is back)  # expect: [None, True, 1267650600228229401496703205376, -0.0, b'\xff', (1, [2]), {3: {4}, (5, 6): frozenset({7})}, range(0, 9)] True

import scriptling.runtime as runtime

def echo(*args):
    return args

values = [None, True, 7, 2 ** 100, 1.5, "é🎉", b"\x00", [1, [2]], (1, (2,)), {"k": {"n": 1}, (1, 2): "t"}, {3}, frozenset([4]), range(1, 9, 2), range(2 ** 70)]
back = runtime.run(echo, *values).get()
for sent, got in zip(values, back):
    if not (sent == got and type(sent) is type(got)):
        print("changed", sent, got)
print(len(back))  # expect: 14

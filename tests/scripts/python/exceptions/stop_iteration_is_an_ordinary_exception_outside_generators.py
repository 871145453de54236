def f():
    raise StopIteration("value")

try:
    f()
except StopIteration as e:
    print(e.value)
print([x for x in [1, 2]], list(map(lambda x: x, [1])))
try:
    [f() for _ in range(2)]
except StopIteration:
    print("out of a list comprehension")
def cut(x):
    if x == 2:
        raise StopIteration
    return x
print(list(map(cut, [1, 2, 3])))

def f(a: int, b: "text" = 2, *args: str, **kw: dict) -> list:
    total: int = a + b
    return [total, args]

print(f("x", "y", 1), f.__annotations__)
x: int = 5
y: str
print(x)
try:
    print(y)
except NameError as e:
    print(e)

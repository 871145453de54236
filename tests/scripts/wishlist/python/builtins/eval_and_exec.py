print(eval("1 + 2 * 3"), eval("x + 1", {"x": 41}))
ns = {}
exec("def f(n):\n    return n * 2\ny = f(21)", ns)
print(ns["y"], ns["f"](4))
try:
    eval("1 +")
except SyntaxError as e:
    print(type(e).__name__)

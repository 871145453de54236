import scriptling.runtime as runtime

def f(*args, **kw):
    return "never"

def numbers():
    yield 1

tries = [
    ("background arg 0", lambda g: runtime.background("t", f, g)),
    ('background arg 0: list[1]: dict["x"]', lambda g: runtime.background("t", f, [0, {"x": g}])),
    ("background arg 1: tuple[0]", lambda g: runtime.background("t", f, 1, (g,))),
    ("background kwarg 'k'", lambda g: runtime.background("t", f, k=g)),
]
for path, attempt in tries:
    try:
        attempt(numbers())
    except TypeError as e:
        text = str(e)
        print(text.startswith(path), "generator" in text, text if not text.startswith(path) else "")
# expect: True True
# expect: True True
# expect: True True
# expect: True True

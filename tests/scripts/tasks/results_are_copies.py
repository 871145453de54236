import scriptling.runtime as runtime

def make():
    inner = [1]
    return {"a": inner, "b": inner, "t": (1, {2}), "raw": b"x"}

result = runtime.run(make).get()
result["a"].append(2)
print(result)  # expect: {'a': [1, 2], 'b': [1, 2], 't': (1, {2}), 'raw': b'x'}

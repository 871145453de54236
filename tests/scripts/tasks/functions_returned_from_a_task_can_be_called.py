import scriptling.runtime as runtime

def factory(n):
    return lambda x: x * n

triple = runtime.run(factory, 3).get()
print(triple(14))  # expect: 42

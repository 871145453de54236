import scriptling.runtime as runtime

def outer(n):
    def inner(x):
        return x + n
    return runtime.run(inner, 1).get(), runtime.background("inner", inner, 2).get()

print(outer(10))  # expect: (11, 12)

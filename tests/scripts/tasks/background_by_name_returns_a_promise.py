import scriptling.runtime as runtime

def add(a, b):
    return a + b

p = runtime.background("adder", "add", 2, 3)
print(p.get())  # expect: 5
print(p.get())  # expect: 5

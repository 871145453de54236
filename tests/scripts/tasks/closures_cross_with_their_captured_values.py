import scriptling.runtime as runtime

def make_adder(n):
    def add(x):
        return x + n
    return add

def make_counter():
    n = 0
    def count():
        nonlocal n
        n += 1
        return n
    return count

def apply(f, *args):
    return f(*args)

print(runtime.run(apply, make_adder(10), 5).get())  # expect: 15
print(runtime.run(make_adder(1), 2).get())  # expect: 3
counter = make_counter()
counter()
print(runtime.run(counter).get(), runtime.run(apply, make_adder(100), 1).get())  # expect: 2 101

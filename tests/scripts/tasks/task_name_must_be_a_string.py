import scriptling.runtime as runtime

def f():
    return 1

try:
    runtime.background(5, f)
except TypeError:
    print("TypeError")  # expect: TypeError
print(runtime.background("same", f).get() + runtime.background("same", f).get())  # expect: 2

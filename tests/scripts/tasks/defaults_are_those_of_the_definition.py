import scriptling.runtime as runtime

START = 5

def f(n=START, seen=[]):
    seen.append(n)
    return seen

START = 50
print(runtime.run(f).get(), runtime.run(f).get(), f.__defaults__)  # expect: [5] [5] (5, [])

import scriptling.runtime as runtime

def f(n):
    return n % 10

print(sum(p.get() for p in [runtime.run(f, n) for n in range(1000)]))  # expect: 4500

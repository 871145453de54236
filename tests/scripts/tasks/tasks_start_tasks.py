import scriptling.runtime as runtime

def leaf(n):
    return n * n

def branch(n):
    return sum(p.get() for p in [runtime.run(leaf, i) for i in range(n)])

def root():
    promises = [runtime.background(f"branch {n}", "branch", n) for n in (3, 4, 5)]
    return [p.get() for p in promises]

print(runtime.run(root).get())  # expect: [5, 14, 30]

import scriptling.runtime as runtime

def first():
    return 20

def second(p, others):
    return p.get() + 1 + sum(o.get() for o in others)

p = runtime.run(first)
print(runtime.run(second, p, [p, runtime.run(first)]).get())  # expect: 61

import scriptling.runtime as runtime

def step(previous):
    return 1 if previous is None else previous.get() + 1

p = None
for _ in range(50):
    p = runtime.run(step, p)
print(p.get())  # expect: 50

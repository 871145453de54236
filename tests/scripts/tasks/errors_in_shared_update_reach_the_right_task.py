import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def change(n):
    def step(value):
        if n % 2:
            raise ValueError(f"task {n}")
        return value + 1
    return sync.Shared("n", 0).update(step)

errors = []
for p in [runtime.run(change, n) for n in range(10)]:
    try:
        p.get()
    except ValueError as e:
        errors.append(str(e))
print(sync.Shared("n").get(), errors)  # expect: 5 ['task 1', 'task 3', 'task 5', 'task 7', 'task 9']

import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def work(n):
    if n == 0:
        sync.Queue("gate").get()
    elif n == 1:
        sync.Queue("gate").put(1)
    return n * n

results = runtime.map(work, range(20), workers=2)
print(type(results).__name__, next(results), list(results) == [n * n for n in range(1, 20)])  # expect: generator 0 True
print(list(runtime.map("work", [])), list(runtime.map(abs, (-1, 2))))  # expect: [] [1, 2]
print(list(runtime.map("math.sqrt", [4.0, 9.0])))  # expect: [2.0, 3.0]

import sys
import time
import scriptling.runtime as runtime

def work(x):
    return x

count = int(sys.argv[1])
for i in range(100):
    runtime.run(work, i).get()
start = time.perf_counter()
for i in range(count):
    runtime.run(work, i).get()
print((time.perf_counter() - start) / count * 1e6)

import sys
import time
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def echo(count):
    there, back = sync.Queue("there"), sync.Queue("back")
    for i in range(count):
        back.put(there.get())

def main(count):
    there, back = sync.Queue("there"), sync.Queue("back")
    promise = runtime.run(echo, count)
    start = time.perf_counter()
    for i in range(count):
        there.put(i)
        back.get()
    took = time.perf_counter() - start
    promise.get()
    return took / count * 1e6

print(main(int(sys.argv[1])))

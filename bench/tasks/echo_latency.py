import sys
import time
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def hog():
    done = sync.Atomic("done")
    while not done.get():
        for i in range(10000):
            pass

def echo():
    there, back = sync.Queue("there"), sync.Queue("back")
    while True:
        item = there.get()
        back.put(item)
        if item is None:
            return

def main(count):
    there, back = sync.Queue("there"), sync.Queue("back")
    done = sync.Atomic("done")
    hogs = [runtime.run(hog) for _ in range(8)]
    server = runtime.run(echo)
    times = []
    for i in range(count):
        time.sleep(0.001)
        start = time.perf_counter()
        there.put(i)
        back.get()
        times.append((time.perf_counter() - start) * 1e3)
    there.put(None)
    done.set(1)
    for promise in hogs:
        promise.get()
    server.get()
    times.sort()
    return times[count * 99 // 100]

print(main(int(sys.argv[1])))

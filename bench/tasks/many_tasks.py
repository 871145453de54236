# Parks COUNT tasks and wakes them all: microseconds for each. A second argument says which number to print: create, wake, or both.
import sys
import time
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def park(number):
    sync.WaitGroup("parked").done()
    sync.Event("go").wait()
    return number

def main(count):
    parked, go = sync.WaitGroup("parked"), sync.Event("go")
    parked.add(count)
    start = time.perf_counter()
    tasks = [runtime.run(park, number) for number in range(count)]
    parked.wait()
    created = time.perf_counter()
    go.set()
    total = 0
    for task in tasks:
        total += task.get()
    woken = time.perf_counter()
    assert total == count * (count - 1) // 2
    return {"create": (created - start) / count * 1e6, "wake": (woken - created) / count * 1e6}

times = main(int(sys.argv[1]))
print(times[sys.argv[2]] if len(sys.argv) > 2 else times)

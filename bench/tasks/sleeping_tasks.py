# COUNT tasks sleep at the same time, for 2 to 6 seconds: the 99th percentile of how late they wake, in milliseconds.
import sys
import time
import scriptling.runtime as runtime

def doze(seconds):
    start = time.perf_counter()
    runtime.sleep(seconds)
    return time.perf_counter() - start - seconds

def main(count):
    tasks = [runtime.run(doze, 2 + i * 7919 % count / count * 4) for i in range(count)]
    late = [task.get() for task in tasks]
    late.sort()
    assert late[0] >= 0
    return late[count * 99 // 100] * 1e3

print(main(int(sys.argv[1])))

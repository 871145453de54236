import sys
import time
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

SIZE = 503

def member(number):
    mine = sync.Queue("ring " + str(number))
    following = sync.Queue("ring " + str((number + 1) % SIZE))
    while True:
        token = mine.get()
        following.put(token - 1)
        if token <= 0:
            return

def main(count):
    done = [runtime.run(member, number) for number in range(SIZE)]
    start = time.perf_counter()
    sync.Queue("ring 0").put(count)
    for promise in done:
        promise.get()
    return (time.perf_counter() - start) / (count + SIZE) * 1e6

print(main(int(sys.argv[1])))

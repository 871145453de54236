import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def work(n):
    if n == 0:
        sync.Queue("last").get()
    return n * n

promises = [runtime.run(work, n) for n in range(5)]
runtime.wait_any(promises[1:])
sync.Queue("last").put("go")
print(runtime.gather(*promises))  # expect: [0, 1, 4, 9, 16]
print(runtime.gather(*promises[2:], promises[2]))  # expect: [4, 9, 16, 4]
print(runtime.gather())  # expect: []

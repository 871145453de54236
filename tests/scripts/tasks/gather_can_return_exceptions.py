import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def work(n):
    if n == 1:
        raise KeyError("one")
    if n == 2:
        sync.Queue("never").get()
    return n

promises = [runtime.run(work, n) for n in range(4)]
promises[2].cancel()
results = runtime.gather(*promises, return_exceptions=True)
print([repr(result) for result in results])
# expect: ['0', "KeyError('one')", "CancelledError('the task was cancelled')", '3']

import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def work():
    sync.Queue("gate").get()
    return "done"

p = runtime.run(work)
for wait in [p.get, p.wait, p.exception]:
    try:
        wait(timeout=0)
    except TimeoutError as e:
        print(e)
# expect: timed out: task 'work'
# expect: timed out: task 'work'
# expect: timed out: task 'work'
sync.Queue("gate").put(1)
print(p.get())  # expect: done

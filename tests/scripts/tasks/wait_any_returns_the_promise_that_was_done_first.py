import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def work(name):
    sync.Queue(name).get()
    return name

promises = [runtime.run(work, name) for name in ["a", "b", "c"]]
sync.Queue("b").put(1)
first = runtime.wait_any(promises)
print(first is promises[1], first.get())  # expect: True b
# Among those that are done already: the first in the list.
sync.Queue("a").put(1)
promises[0].wait()
print(runtime.wait_any(iter(promises)).get())  # expect: a
print(runtime.wait_any(promises[::-1]).get())  # expect: b
try:
    runtime.wait_any([promises[2]], timeout=0.01)
except TimeoutError as e:
    print(e)  # expect: timed out: any of task 'work'
sync.Queue("c").put(1)
print(runtime.wait_any([promises[2]], timeout=60).get())  # expect: c

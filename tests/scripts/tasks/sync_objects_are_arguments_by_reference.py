import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def work(counter, queue, group, state):
    counter.add(5)
    queue.put("from task")
    state.update(lambda d: {**d, "task": True})
    group.done()

counter, queue, group, state = sync.Atomic("c"), sync.Queue("q"), sync.WaitGroup("w"), sync.Shared("s", {})
group.add(1)
runtime.run(work, counter, queue, group, state)
group.wait()
print(counter.get(), queue.get(), state.get())  # expect: 5 from task {'task': True}

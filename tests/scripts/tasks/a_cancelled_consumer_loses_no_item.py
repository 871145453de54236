import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def consume():
    return sync.Queue("items").get()

first = runtime.run(consume)
second = runtime.run(consume)
while [t["state"] for t in runtime.tasks()].count("parked") < 2:
    yield_now()
sync.Queue("items").put("item")
first.cancel()
winner = runtime.wait_any([first, second])
if winner is first and not first.cancelled():
    sync.Queue("items").put(first.get())
print(second.get(), sync.Queue("items").size())  # expect: item 0

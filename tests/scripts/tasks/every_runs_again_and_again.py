import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def tick(queue, word):
    queue.put(word)

ticks = runtime.every(0.001, tick, sync.Queue("ticks"), "tick", name="ticker")
print([sync.Queue("ticks").get() for _ in range(3)], ticks.name)  # expect: ['tick', 'tick', 'tick'] ticker
print(ticks.runs >= 3, ticks.cancelled())  # expect: True False
print(ticks.cancel(), ticks.cancelled(), ticks.cancel())  # expect: True True False
print(ticks.wait())  # expect: None

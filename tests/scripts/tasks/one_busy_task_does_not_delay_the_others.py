import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def spin():
    sync.Queue("ready").put(1)
    while not sync.Atomic("stop").get():
        pass
    own = [t for t in runtime.tasks() if t["name"] == "spinner"]
    return own[0]["slices"]

def echo():
    for item in sync.Queue("ping"):
        sync.Queue("pong").put(item)

spinners = [runtime.background("spinner", spin) for _ in range(2)]
echo_task = runtime.run(echo)
sync.Queue("ready").get()
sync.Queue("ready").get()
before = sum(t["slices"] for t in runtime.tasks() if t["name"] == "spinner")
for n in range(20):
    sync.Queue("ping").put(n)
    sync.Queue("pong").get()
after = sum(t["slices"] for t in runtime.tasks() if t["name"] == "spinner")
sync.Atomic("stop").set(1)
# Steps are 50 to 250 microseconds: without fairness a spinner would take thousands while an item waits.
print(after - before < 20 * 100)  # expect: True
sync.Queue("ping").close()

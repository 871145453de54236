import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def wait(name):
    sync.Queue(name).get()

runtime.background("waiter", wait, "gate")
sleeper = runtime.background("sleeper", runtime.sleep, 3600)
joiner = runtime.background("joiner", lambda: sleeper.get())
while [t["state"] for t in runtime.tasks()].count("parked") < 3:
    yield_now()
for task in runtime.tasks():
    print(task["id"], task["name"], task["state"], task["waiting_for"], task["age"] >= 0, task["slices"] > 0)
# expect: 0 main running None True True
# expect: 1 waiter parked queue 'gate' (get) True True
# expect: 2 sleeper parked sleep True True
# expect: 3 joiner parked task 'sleeper' True True
print(list(runtime.tasks()[1]))
# expect: ['id', 'name', 'state', 'waiting_for', 'age', 'slices', 'fuel', 'memory']
first, second = runtime.tasks()[:2]
print(first["fuel"] > second["fuel"], second["memory"] > 0)  # expect: True True
sync.Queue("gate").put(1)
while len(runtime.tasks()) > 3:
    yield_now()
print([t["name"] for t in runtime.tasks()])  # expect: ['main', 'sleeper', 'joiner']

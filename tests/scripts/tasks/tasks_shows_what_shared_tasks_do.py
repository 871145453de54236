import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def wait(name):
    sync.Queue(name).get()

def busy():
    while not sync.Event("stop").is_set():
        pass

def show():
    return [(task["name"], task["state"], task["waiting_for"]) for task in runtime.tasks()]

parked = runtime.background("parked", wait, "gate", shared=True)
stopping = runtime.background("busy", busy, shared=True)
runtime.background("over", len, "x", shared=True).wait()
while not all(task["slices"] for task in runtime.tasks()[1:]):
    pass
print(show())
# expect: [('main', 'running', None), ('parked', 'parked', "queue 'gate' (get)"), ('busy', 'queued', None)]
print(runtime.tasks()[2]["fuel"] > runtime.tasks()[1]["fuel"])  # expect: True
sync.Event("stop").set()
stopping.wait()
print(runtime.background("looks", show, shared=True).get())
# expect: [('main', 'parked', "task 'looks'"), ('parked', 'parked', "queue 'gate' (get)"), ('looks', 'running', None)]

# From another task's point of view: once the whole isolate waits.
def outside():
    while runtime.tasks()[0]["state"] != "parked":
        pass
    return show()

print(runtime.run(outside).get())
# expect: [('main', 'parked', "task 'outside'"), ('parked', 'parked', "queue 'gate' (get)"), ('outside', 'running', None)]
sync.Queue("gate").put(1)
parked.wait()

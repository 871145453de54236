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
while show()[1][1] != "parked" or not runtime.tasks()[2]["slices"]:
    pass
print(show())
# expect: [('main', 'running', None), ('parked', 'parked', "queue 'gate' (get)"), ('busy', 'queued', None)]
while runtime.tasks()[2]["fuel"] <= runtime.tasks()[1]["fuel"]:
    pass
sync.Event("stop").set()
stopping.wait()

def show_when_main_waits():
    while runtime.tasks()[0]["state"] != "parked":
        pass
    return show()

print(runtime.background("looks", show_when_main_waits, shared=True).get())
# expect: [('main', 'parked', "task 'looks'"), ('parked', 'parked', "queue 'gate' (get)"), ('looks', 'running', None)]

# From another task's point of view: once the whole isolate waits.
print(runtime.run(show_when_main_waits).get())
# expect: [('main', 'parked', "task 'show_when_main_waits'"), ('parked', 'parked', "queue 'gate' (get)"), ('show_when_main_waits', 'running', None)]
sync.Queue("gate").put(1)
parked.wait()

import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def tick():
    sync.Queue("q").put("tick")

runtime.every(0.02, tick)
print(sync.Queue("q").get())  # expect: tick

import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def blocked():
    sync.Queue("nobody puts here").get()
    print("never")

runtime.background("blocked", blocked)
print("main is done")  # expect: main is done

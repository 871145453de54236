import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def wait_for_ever(number):
    ready = sync.WaitGroup("ready")
    ready.done()
    sync.Queue("nothing").get()

ready = sync.WaitGroup("ready")
ready.add(COUNT)
tasks = [runtime.run(wait_for_ever, number) for number in range(COUNT)]
ready.wait()
print("ready")

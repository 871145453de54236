# However it ends. A lock is worth a line on standard error; what `with` holds is not, it has been released by then.
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def forgets():
    sync.Lock("a").acquire()

def fails():
    sync.RLock("b").acquire()
    sync.RLock("b").acquire()
    raise ValueError("failed")

def is_cancelled():
    with sync.Semaphore("s"), sync.WaitGroup("g"):
        sync.Lock("c").acquire()
        sync.Event("holds").set()
        sync.Queue("never").get()

runtime.background("first", forgets).get()
try:
    runtime.background("second", fails).get()
except ValueError as e:
    print(e)  # expect: failed
third = runtime.background("third", is_cancelled)
sync.Event("holds").wait()

def waits_for_it():
    with sync.Lock("c"):
        return True

waits = runtime.run(waits_for_it)
third.cancel()
print(waits.get(), sync.WaitGroup("g").count(), sync.Semaphore("s").available())  # expect: True 0 1
print(sync.Lock("a").acquire(), sync.RLock("b").acquire())  # expect: True True
sync.Lock("a").release()
sync.RLock("b").release()
# expect stderr: scriptling: task 'first' ended while it held lock 'a', which was released
# expect stderr: scriptling: task 'second' ended while it held rlock 'b', which was released
# expect stderr: scriptling: task 'third' ended while it held lock 'c', which was released

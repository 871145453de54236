import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def trap(call, *args, **kwargs):
    try:
        print(call(*args, **kwargs))
    except Exception as e:
        print(f"{type(e).__name__}: {e}")

print(sync.list())  # expect: []
queue, lock = sync.Queue("b", 1), sync.Lock("b")
sync.Queue("a").put(1)
print(sync.list())  # expect: [('Lock', 'b'), ('Queue', 'a'), ('Queue', 'b')]
print(sync.list("Queue"), sync.list(kind=sync.Lock), sync.list(sync.Event))
# expect: [('Queue', 'a'), ('Queue', 'b')] [('Lock', 'b')] []
trap(sync.list, "Qeue")
# expect: ValueError: unknown kind 'Qeue': there are Atomic, Barrier, Condition, Event, Lock, Once, Queue, RLock, RateLimiter, Semaphore, Shared, Topic, WaitGroup
trap(sync.list, 5)  # expect: TypeError: kind must be a class of this module or its name, not int
trap(sync.delete, "Queue")  # expect: TypeError: delete() needs an object of this module, or a kind and a name
trap(sync.delete, queue, "b")  # expect: TypeError: delete() needs no name beside the object

# Whoever waits is told, and so is whoever uses it later.
kinds = {
    "get": lambda: sync.Queue("b").get(),
    "join": lambda: sync.Queue("b").join(),
    "lock": lambda: sync.Lock("b").acquire(),
    "event": lambda: sync.Event("b").wait(),
    "barrier": lambda: sync.Barrier("b", 2).wait(),
    "semaphore": lambda: sync.Semaphore("b", 0).acquire(),
    "group": lambda: sync.WaitGroup("b").wait(),
    "shared": lambda: sync.Shared("b").wait_for(lambda v: v),
    "limiter": lambda: sync.RateLimiter("b", 0.001).acquire(),
    "topic": lambda: sync.Topic("b").publish(2),
}

def wait(what):
    try:
        kinds[what]()
    except sync.Deleted as e:
        return str(e)

queue.put(0)
queue.get()
lock.acquire()
sync.WaitGroup("b").add()
sync.RateLimiter("b", 0.001).acquire()
full = sync.Topic("b").subscribe(1)
sync.Topic("b").publish(1)
promises = [runtime.run(wait, what) for what in kinds]
while sum(task["state"] == "parked" for task in runtime.tasks()) < len(kinds):
    pass
names = ("Queue", "Lock", "Event", "Barrier", "Semaphore", "WaitGroup", "Shared", "RateLimiter", "Topic")
handles = [queue, lock, sync.Event("b"), sync.Barrier("b", 2), sync.Semaphore("b"), sync.WaitGroup("b"), sync.Shared("b"),
           sync.RateLimiter("b"), sync.Topic("b")]
print([sync.delete(name, "b") for name in names])
# expect: [True, True, True, True, True, True, True, True, True]
for promise in promises:
    print(promise.get())
# expect: queue 'b' was deleted
# expect: queue 'b' was deleted
# expect: lock 'b' was deleted
# expect: event 'b' was deleted
# expect: barrier 'b' was deleted
# expect: semaphore 'b' was deleted
# expect: wait group 'b' was deleted
# expect: shared value 'b' was deleted
# expect: rate limiter 'b' was deleted
# expect: topic 'b' was deleted
trap(queue.size)  # expect: Deleted: queue 'b' was deleted
trap(lock.acquire)  # expect: Deleted: lock 'b' was deleted
trap(lock.release)  # expect: None
print(queue.name, queue.delete(), sync.delete(lock), list(full))  # expect: b False False [1]

# The name is free for another, which an old handle does not touch.
fresh = sync.Queue("b", 7)
print(queue.delete(), fresh.put(1), sync.Queue("b"))  # expect: False None <Queue 'b' size=1 maxsize=7>
trap(lambda: sync.Atomic("started").delete() and sync.Atomic("started").get())  # expect: 0

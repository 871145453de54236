import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def trap(call, *args, **kwargs):
    try:
        print(call(*args, **kwargs))
    except Exception as e:
        print(f"{type(e).__name__}: {e}")

t = sync.Topic("t")
print(t.publish("nobody hears it"), t)  # expect: 0 <Topic 't' subscribers=0>
trap(t.subscribe, 0)  # expect: ValueError: maxsize must be at least 1, not 0
trap(t.subscribe, when_full="drop")  # expect: ValueError: when_full must be one of 'block', 'drop_oldest', 'drop_newest', 'raise', not 'drop'
block, oldest = t.subscribe(maxsize=2), t.subscribe(2, when_full="drop_oldest")
newest, strict = t.subscribe(2, "drop_newest"), t.subscribe(3, "raise")
print([t.publish(n) for n in (1, 2)], t.subscribers(), block)
# expect: [4, 4] 4 <Subscription to 't' size=2 maxsize=2 when_full='block'>
# To all or to none.
trap(t.publish, 3, timeout=0)  # expect: TimeoutError: timed out: topic 't' (publish: a subscriber is full)
print(len(strict), block.get(), t.publish(3))  # expect: 2 1 4
trap(t.publish, 4)  # expect: Full: a subscriber of topic 't' is full
print(strict.get(), strict.get_nowait(), block.get(timeout=1))  # expect: 1 2 2
print(t.publish({"n": 4}))  # expect: 4
trap(t.publish, (n for n in ()))  # expect: TypeError: item: generator is not transferable
t.close()
trap(t.publish, 5)  # expect: Closed: topic is closed
trap(t.subscribe)  # expect: Closed: topic is closed
print(list(block), list(oldest), list(newest), list(strict))
# expect: [3, {'n': 4}] [3, {'n': 4}] [1, 2] [3, {'n': 4}]
print(oldest.dropped(), newest.dropped(), block.closed(), block.topic, block.maxsize)  # expect: 2 2 True t 2
trap(block.get)  # expect: Closed: topic is closed
trap(block.get_nowait)  # expect: Closed: topic is closed

# A subscription is an argument like any other; whoever ends without closing it holds nobody up.
news = sync.Topic("news")
def reads(subscription):
    with subscription:
        return [item for item, _ in zip(subscription, range(3))]
def leaves():
    subscription = sync.Topic("news").subscribe(1)
    sync.Event("subscribed").set()
    return subscription.get()
reader, leaver = runtime.run(reads, news.subscribe(1)), runtime.run(leaves)
sync.Event("subscribed").wait()
for n in range(20):
    news.publish(n)
print(reader.get(), leaver.get())  # expect: [0, 1, 2] 0

# All see the same order.
order = sync.Topic("order")
readers = [runtime.run(list, order.subscribe(2)) for _ in range(3)]
def writes(k):
    for n in range(50):
        sync.Topic("order").publish((k, n))
for p in [runtime.run(writes, k) for k in range(3)]:
    p.get()
order.close()
seen = [p.get() for p in readers]
print(len(seen[0]), seen[0] == seen[1] == seen[2])  # expect: 150 True

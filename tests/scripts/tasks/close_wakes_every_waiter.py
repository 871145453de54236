import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def getter():
    sync.Atomic("waiting").add()
    try:
        return sync.Queue("empty").get()
    except Exception as e:
        return "closed" if "closed" in str(e) else repr(e)

def putter():
    sync.Atomic("waiting").add()
    try:
        sync.Queue("full", 1).put("x")
        return "put"
    except Exception as e:
        return "closed" if "closed" in str(e) else repr(e)

sync.Queue("full", 1).put("filler")
promises = [runtime.run(getter) for _ in range(20)] + [runtime.run(putter) for _ in range(20)]
while sync.Atomic("waiting").get() < 40:
    pass
sync.Queue("empty").close()
sync.Queue("full").close()
results = [p.get() for p in promises]
print(results.count("closed"), len(results))  # expect: 40 40

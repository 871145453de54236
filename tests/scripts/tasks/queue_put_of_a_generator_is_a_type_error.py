import scriptling.runtime.sync as sync

q, s = sync.Queue("q"), sync.Shared("s", 1)
for f in (lambda: q.put([x for x in []] + [(x for x in [])]), lambda: s.set((x for x in [])), lambda: s.update(lambda v: (x for x in []))):
    try:
        f()
        print("accepted")
    except TypeError as e:
        print("generator" in str(e), q.size(), s.get())
# expect: True 0 1
# expect: True 0 1
# expect: True 0 1

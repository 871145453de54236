import scriptling.runtime.sync as sync

q = sync.Queue("q")
q.put(1)
q.put(2)
q.close()
q.close()
print(q.size(), q.get(), q.get())  # expect: 2 1 2
for attempt in (q.get, lambda: q.put(3), sync.Queue("q").get):
    try:
        attempt()
    except Exception as e:
        print("queue is closed" in str(e))
# expect: True
# expect: True
# expect: True

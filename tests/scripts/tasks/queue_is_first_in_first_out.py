import scriptling.runtime.sync as sync

q = sync.Queue("q")
for item in (1, "two", [3], None):
    q.put(item)
print(q.size())  # expect: 4
print(q.get(), q.get(), q.get(), q.get(), q.size())  # expect: 1 two [3] None 0

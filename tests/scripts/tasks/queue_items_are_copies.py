import scriptling.runtime.sync as sync

q = sync.Queue("q")
item = {"n": [1]}
q.put(item)
item["n"].append("after put")
print(q.get(), item)  # expect: {'n': [1]} {'n': [1, 'after put']}

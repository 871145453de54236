import scriptling.runtime as runtime

def count(n):
    for _ in range(n):
        runtime.kv.incr("hits")

for p in [runtime.run(count, 250) for _ in range(8)]:
    p.wait()
print(runtime.kv.get("hits"))  # expect: 2000

import scriptling.runtime as runtime

def writer(n):
    runtime.kv.set(f"result:{n}", {"n": n, "square": n * n})

for p in [runtime.run(writer, n) for n in range(4)]:
    p.wait()
print([runtime.kv.default.get(k)["square"] for k in runtime.kv.keys("result:*")])  # expect: [0, 1, 4, 9]

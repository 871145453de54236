import scriptling.runtime as runtime

def fail():
    raise TypeError("from the task")

p = runtime.background("failing", fail)
try:
    p.wait()
except TypeError as e:
    print("wait raised:", e)  # expect: wait raised: from the task
print(p.done())  # expect: True

import scriptling.runtime as runtime

def fail():
    raise ValueError("unseen failure")

p = runtime.background("doomed worker", fail)
while not p.done():
    pass
print("main continues")  # expect: main continues
# expect stderr: doomed worker
# expect stderr: ValueError: unseen failure

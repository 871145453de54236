import scriptling.runtime as runtime

def fail():
    raise ValueError("uncaught")

p = runtime.run(fail)
print("before")  # expect: before
p.get()  # expect raises: ValueError: uncaught

import scriptling.runtime as runtime

def nothing():
    pass

print(runtime.run(nothing).get())  # expect: None

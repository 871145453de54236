import scriptling.runtime as runtime

print(runtime.background("lib", "tasklib.double", 21).get())  # expect: 42
print(runtime.background("lib", "tasklib.uses_own_helper", 5).get())  # expect: 106

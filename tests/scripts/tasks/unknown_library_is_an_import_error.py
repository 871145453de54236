import scriptling.runtime as runtime

try:
    runtime.background("task", "no_such_library_here.fn").get()
except ImportError as e:
    print("no_such_library_here" in str(e))  # expect: True

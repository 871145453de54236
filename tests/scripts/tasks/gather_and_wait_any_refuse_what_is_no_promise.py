import scriptling.runtime as runtime

def attempt(fn, *args, **kwargs):
    try:
        fn(*args, **kwargs)
    except (TypeError, ValueError, RuntimeError) as e:
        print(type(e).__name__ + ":", e)

attempt(runtime.gather, 5)  # expect: TypeError: gather() takes promises, not int
attempt(runtime.gather, runtime.run(int), "x")  # expect: TypeError: gather() takes promises, not str
attempt(runtime.gather, return_exceptions=1)  # expect: TypeError: return_exceptions must be a bool
attempt(runtime.wait_any, [None])  # expect: TypeError: wait_any() takes promises, not NoneType
attempt(runtime.wait_any, [])  # expect: ValueError: wait_any() needs at least one promise
attempt(runtime.wait_any, 7)  # expect: TypeError: 'int' object is not iterable
attempt(runtime.gather, runtime.current_task())  # expect: RuntimeError: a task cannot wait for itself

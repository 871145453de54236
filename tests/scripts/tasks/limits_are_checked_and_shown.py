import scriptling.runtime as runtime

def attempt(**kwargs):
    try:
        print(runtime.Limits(**kwargs))
    except (TypeError, ValueError) as e:
        print(type(e).__name__ + ":", e)

attempt()  # expect: Limits()
attempt(seconds=1.5, fuel=10, memory=1 << 20, depth=50)  # expect: Limits(seconds=1.5, fuel=10, memory=1048576, depth=50)
attempt(seconds=0)  # expect: ValueError: seconds must be more than 0
attempt(seconds=-1)  # expect: ValueError: seconds must not be negative
attempt(fuel=0)  # expect: ValueError: fuel must be at least 1
attempt(memory=5)  # expect: ValueError: memory must be at least 65536
attempt(depth="x")  # expect: TypeError: depth must be an int or None, not str

import scriptling.runtime as runtime

def spin():
    while True:
        try:
            while True:
                pass
        except Exception:
            pass

def grow():
    everything = []
    while True:
        everything.append("x" * 1000)

def dive(n):
    return dive(n + 1)

def ending(limits, fn, *args):
    try:
        runtime.run(fn, *args, limits=limits).get()
    except BaseException as e:
        return type(e).__name__

print(ending(runtime.Limits(fuel=100_000), spin))  # expect: FuelExhausted
print(ending(runtime.Limits(seconds=0.02), spin))  # expect: TimeLimitExceeded
print(ending(runtime.Limits(seconds=0.02), runtime.sleep, 3600))  # expect: TimeLimitExceeded
print(ending(runtime.Limits(memory=1 << 20), grow))  # expect: MemoryError
print(ending(runtime.Limits(depth=20), dive, 0))  # expect: RecursionError
print(issubclass(FuelExhausted, LimitExceeded), issubclass(LimitExceeded, Exception))  # expect: True False
print("the others go on")  # expect: the others go on

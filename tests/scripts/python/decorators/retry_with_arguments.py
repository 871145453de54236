def retry(times, *, catch=Exception):
    def decorate(f):
        def wrapper(*args, **kw):
            for attempt in range(1, times + 1):
                try:
                    return f(*args, **kw), attempt
                except catch as e:
                    last = e
            raise last
        return wrapper
    return decorate

state = {"left": 2}

@retry(3, catch=ValueError)
def flaky():
    if state["left"]:
        state["left"] -= 1
        raise ValueError("not yet")
    return "done"

print(flaky())
state["left"] = 10
try:
    flaky()
except ValueError as e:
    print("gave up:", e)

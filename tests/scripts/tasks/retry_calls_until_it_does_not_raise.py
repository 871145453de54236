import scriptling.runtime as runtime

calls = []

def flaky():
    calls.append(1)
    if len(calls) < 3:
        raise OSError("not yet")
    return "value"

print(runtime.retry(flaky, backoff=0), len(calls))  # expect: value 3

def fail():
    calls.append(1)
    raise ValueError("call " + str(len(calls)))

calls.clear()
try:
    runtime.retry(fail, attempts=2, backoff=0.001)
except ValueError as e:
    print(e)  # expect: call 2
calls.clear()
try:
    runtime.retry(fail, on=OSError)
except ValueError as e:
    print(e)  # expect: call 1
calls.clear()
try:
    runtime.retry(fail, 4, 0, on=(KeyError, ValueError))
except ValueError as e:
    print(e)  # expect: call 4

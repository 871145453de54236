import time

a, b = time.monotonic(), time.perf_counter()
time.sleep(0.01)
print(time.monotonic() >= a + 0.009, time.perf_counter() > b, time.time() > 1_600_000_000)  # expect: True True True
print(type(time.time()).__name__, time.sleep(0))  # expect: float None
try:
    time.sleep(-1)
except ValueError as e:
    print(e)  # expect: sleep length must be non-negative
try:
    time.sleep("x")
except TypeError:
    print("TypeError")  # expect: TypeError

import scriptling.runtime as runtime

import time
start = time.monotonic()
print(runtime.sleep(0.01), time.monotonic() - start >= 0.01)  # expect: None True
try:
    runtime.sleep(-1)
except ValueError as e:
    print(e)  # expect: sleep length must be non-negative

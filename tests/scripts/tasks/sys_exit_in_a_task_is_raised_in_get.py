import scriptling.runtime as runtime
import sys

def leave():
    sys.exit(3)

try:
    runtime.run(leave).get()
except SystemExit as e:
    print("SystemExit", e.code)  # expect: SystemExit 3

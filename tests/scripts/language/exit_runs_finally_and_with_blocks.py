import sys

class Manager:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, tb):
        print("exit", kind.__name__, value.code)

try:
    with Manager():
        sys.exit(4)
finally:
    print("finally")
# expect: exit SystemExit 4
# expect: finally
# expect exit: 4

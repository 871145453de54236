class A:
    def __enter__(self):
        print("enter A")

    def __exit__(self, *e):
        print("exit A", e[0].__name__)

class B:
    def __enter__(self):
        raise ValueError("no entry")

    def __exit__(self, *e):
        print("never")

try:
    with A(), B():
        print("never")
except ValueError as e:
    print(e)
for bad in (5, object()):
    try:
        with bad:
            pass
    except (TypeError, AttributeError) as e:
        print(type(e).__name__ + ":", e)

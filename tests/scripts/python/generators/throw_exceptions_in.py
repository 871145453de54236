def g():
    while True:
        try:
            x = yield "ready"
            print("got", x)
        except ValueError as e:
            print("handled", e)
            yield "recovered"

it = g()
print(next(it), it.throw(ValueError("boom")), next(it))
try:
    it.throw(KeyError("unhandled"))
except KeyError as e:
    print("came out", e)
print(next(it, "dead"))

def fresh():
    yield 1

it = fresh()
try:
    it.throw(ValueError("before start"))
except ValueError as e:
    print(e)
print(list(it))

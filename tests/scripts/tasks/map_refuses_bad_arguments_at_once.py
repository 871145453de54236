import scriptling.runtime as runtime

def attempt(*args, **kwargs):
    try:
        runtime.map(*args, **kwargs)
    except Exception as e:
        print(type(e).__name__ + ":", e)

attempt(5, [])  # expect: TypeError: handler is not a function: handler (int)
attempt("nothing", [])  # expect: NameError: function not found: nothing
attempt(abs, 5)  # expect: TypeError: 'int' object is not iterable
attempt(abs, [], workers=0)  # expect: ValueError: workers must be at least 1 and not absurdly many
attempt(abs, [], workers="2")  # expect: TypeError: workers must be an int or None, not str
attempt(abs, [], ordered=2)  # expect: TypeError: ordered must be a bool
try:
    list(runtime.map(abs, [iter([])]))
except TypeError as e:
    print(str(e).startswith("map item: "))  # expect: True

def broken():
    yield 1
    raise KeyError("of the iterable")

try:
    print(list(runtime.map(abs, broken())))
except KeyError as e:
    print(repr(e))  # expect: KeyError('of the iterable')

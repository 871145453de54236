import scriptling.runtime as runtime

for get in (lambda: runtime.no_such_thing, lambda: runtime.sync.Mutexes, lambda: runtime.kv.nope):
    try:
        get()
    except AttributeError:
        print("AttributeError")
# expect: AttributeError
# expect: AttributeError
# expect: AttributeError
try:
    import scriptling.no_such_module
except ImportError:
    print("ImportError")  # expect: ImportError

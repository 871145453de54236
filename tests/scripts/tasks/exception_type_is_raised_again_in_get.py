import scriptling.runtime as runtime

def fail(kind):
    if kind == "value":
        raise ValueError("bad value", 7)
    if kind == "key":
        return {}["missing"]
    if kind == "zero":
        return 1 / 0
    return undefined_name

for kind in ("value", "key", "zero", "name"):
    p = runtime.run(fail, kind)
    for _ in range(2):
        try:
            p.get()
        except Exception as e:
            print(type(e).__name__, e)
# expect: ValueError ('bad value', 7)
# expect: ValueError ('bad value', 7)
# expect: KeyError 'missing'
# expect: KeyError 'missing'
# expect: ZeroDivisionError division by zero
# expect: ZeroDivisionError division by zero
# expect: NameError name 'undefined_name' is not defined
# expect: NameError name 'undefined_name' is not defined

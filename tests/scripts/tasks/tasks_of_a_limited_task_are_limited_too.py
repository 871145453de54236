import scriptling.runtime as runtime

def spin():
    while True:
        pass

def starter():
    child = runtime.run(spin, limits=runtime.Limits(fuel=10_000_000_000))
    try:
        child.get()
    except FuelExhausted as e:
        return str(e)

print(runtime.run(starter, limits=runtime.Limits(fuel=50_000)).get())  # expect: the script used up its fuel

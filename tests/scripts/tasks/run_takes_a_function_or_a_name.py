import scriptling.runtime as runtime

def power(base, exponent=2):
    return base ** exponent

print(runtime.run(power, 3).get())  # expect: 9
print(runtime.run(power, 2, exponent=10).get())  # expect: 1024
print(runtime.run("power", 5).get())  # expect: 25
print([p.get() for p in [runtime.run(power, n) for n in range(5)]])  # expect: [0, 1, 4, 9, 16]

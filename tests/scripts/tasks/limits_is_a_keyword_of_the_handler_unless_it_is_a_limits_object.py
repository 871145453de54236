import scriptling.runtime as runtime

def work(a, limits=None, **rest):
    return a, limits, rest

print(runtime.run(work, 1, limits=5, other=6).get())  # expect: (1, 5, {'other': 6})
print(runtime.run(work, 1, limits=runtime.Limits(fuel=1000), other=6).get())  # expect: (1, None, {'other': 6})
print(runtime.background("named", work, 1, limits={"fuel": 3}).get())  # expect: (1, {'fuel': 3}, {})

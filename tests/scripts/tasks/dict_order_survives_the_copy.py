import scriptling.runtime as runtime

def keys(d):
    return list(d), d

print(runtime.run(keys, {"z": 1, "a": 2, "m": 3}).get())  # expect: (['z', 'a', 'm'], {'z': 1, 'a': 2, 'm': 3})

import scriptling.runtime as runtime

def make():
    n = 0
    def bump():
        nonlocal n
        n += 1
        return n
    return bump

bump = make()
print([runtime.run(bump).get() for _ in range(3)], bump())  # expect: [1, 1, 1] 1

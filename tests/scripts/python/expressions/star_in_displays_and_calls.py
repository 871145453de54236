a = [1, 2]
print([*a, 3, *range(2)], (*a, *a), {*a, 2, 1} == {1, 2})
print({**{"x": 1, "y": 2}, "y": 3, **{"z": 4}})
print(*a, *"bc", sep="-")

def f(*args, **kwargs):
    return args, kwargs

print(f(*a, 9, *(), **{"k": 1}, m=2, **{}))

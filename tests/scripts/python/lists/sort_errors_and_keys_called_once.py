calls = []

def key(x):
    calls.append(x)
    return -x

print(sorted([3, 1, 2], key=key), calls)
try:
    [1, "a"].sort()
except TypeError as e:
    print(e)
try:
    sorted([1, 2], key=lambda x: x / 0)
except ZeroDivisionError as e:
    print(e)
try:
    sorted([1], len)
except TypeError as e:
    print(e)
try:
    sorted([1], reversed=True)
except TypeError as e:
    print(type(e).__name__)

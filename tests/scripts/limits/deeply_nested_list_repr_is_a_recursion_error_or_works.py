a = []
for _ in range(200000):
    a = [a]
try:
    text = repr(a)
    print(text.count("[") in (200001,))
except RecursionError:
    print(True)  # expect: True
try:
    print(a == [a] or True)
except RecursionError:
    print(True)  # expect: True

a = [1, 2]
try:
    a *= 10 ** 12
except MemoryError:
    print(a)  # expect: [1, 2]
s = "ab"
try:
    s *= 10 ** 14
except MemoryError:
    print(s)  # expect: ab

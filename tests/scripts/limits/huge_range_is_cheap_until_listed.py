r = range(10 ** 18)
print(len(r), r[-1], 5 in r)  # expect: 1000000000000000000 999999999999999999 True
try:
    list(range(10 ** 15))
except MemoryError:
    print("MemoryError")  # expect: MemoryError

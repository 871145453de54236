try:
    1 << 10 ** 15
except (MemoryError, OverflowError):
    print("refused")  # expect: refused
print(0 << 5, 1 >> 10 ** 15)  # expect: 0 0

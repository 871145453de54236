# flags: --seconds 20
try:
    10 ** 10 ** 10
except (MemoryError, OverflowError, TimeoutError) as e:
    print("refused")  # expect: refused

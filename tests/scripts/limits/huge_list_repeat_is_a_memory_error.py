for make in (lambda: [0] * 10 ** 12, lambda: (1, 2) * 10 ** 12, lambda: [[]] * 10 ** 15):
    try:
        make()
    except MemoryError:
        print("MemoryError")
# expect: MemoryError
# expect: MemoryError
# expect: MemoryError

for make in (lambda: "a" * 10 ** 14, lambda: 10 ** 14 * "ab", lambda: b"x" * 10 ** 14):
    try:
        make()
    except (MemoryError, OverflowError) as e:
        print(type(e).__name__)
# expect: MemoryError
# expect: MemoryError
# expect: MemoryError
print("alive")  # expect: alive

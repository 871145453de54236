s = "a" * 1000000
for make in (lambda: s.replace("a", s), lambda: s.join([""] * 10 ** 7)):
    try:
        make()
    except MemoryError:
        print("MemoryError")
# expect: MemoryError
# expect: MemoryError

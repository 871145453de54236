for make in (lambda: f"{1:99999999999999}", lambda: format("x", ">" + "9" * 30), lambda: "%99999999999999d" % 1, lambda: f"{1.5:.99999999999f}", lambda: "x".ljust(10 ** 14), lambda: "x".zfill(10 ** 14), lambda: "\t".expandtabs(10 ** 14)):
    try:
        make()
        print("made it")
    except (MemoryError, ValueError, OverflowError):
        print("refused")
# expect: refused
# expect: refused
# expect: refused
# expect: refused
# expect: refused
# expect: refused
# expect: refused

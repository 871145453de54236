def f(n):
    try:
        f(n + 1)
    except ValueError:
        pass
    finally:
        n += 1

try:
    f(0)
except RecursionError:
    print("RecursionError")  # expect: RecursionError
try:
    f(0)
except RecursionError:
    print("and again")  # expect: and again

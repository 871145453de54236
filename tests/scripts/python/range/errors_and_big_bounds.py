for bad in (lambda: range(1, 2, 0), lambda: range(1.5), lambda: range("3"), lambda: range(), lambda: range(3)[5]):
    try:
        bad()
    except (ValueError, TypeError, IndexError) as e:
        print(type(e).__name__ + ":", e)
print(len(range(10 ** 12)), 10 ** 12 - 1 in range(10 ** 12), range(10 ** 18)[10 ** 17], range(10 ** 15)[-1])

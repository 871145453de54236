print("ab" * 3, 3 * "ab", "ab" * 0, "ab" * -1, "-" * 10, "a" + "b" "c" 'd')
for bad in (lambda: "a" + 1, lambda: 1 + "a", lambda: "a" * "b", lambda: "a" * 1.5, lambda: "a" - "b", lambda: -"a"):
    try:
        bad()
    except TypeError as e:
        print(e)

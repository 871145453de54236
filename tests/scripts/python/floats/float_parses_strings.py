print(float(), float("3.14"), float(" -2e3\n"), float("1e400"), float(".5"), float("5."))
print(float(7), float(True), float(2 ** 60 + 1))
for bad in ("", "abc", "1.2.3", "1e", "0x10", "1__0"):
    try:
        float(bad)
    except ValueError as e:
        print("ValueError:", e)
for bad in (None, [1], {}):
    try:
        float(bad)
    except TypeError as e:
        print("TypeError:", e)
try:
    float(10 ** 400)
except OverflowError as e:
    print("OverflowError:", e)

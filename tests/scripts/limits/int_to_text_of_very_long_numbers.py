# CPython refuses above 4300 digits; printing must either work or be a ValueError, and be quick.
# flags: --seconds 20
n = 7 ** 20000
try:
    print(len(str(n)) == 16902)
except ValueError as e:
    print("4300" in str(e))  # expect: True

for n in (0, 10, -10, 255, 2 ** 70):
    print(bin(n), oct(n), hex(n))
print(hex(True), f"{255:#x} {255:#o} {255:#b}")
try:
    hex(1.5)
except TypeError as e:
    print(e)

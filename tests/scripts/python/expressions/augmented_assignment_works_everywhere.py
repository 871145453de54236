x = 10
x += 5
x -= 3
x *= 4
x //= 5
x **= 2
x %= 60
x <<= 3
x >>= 1
x |= 3
x &= 0xFE
x ^= 0xFF
print(x)
x /= 4
print(x)
d = {"n": 1}
d["n"] += 41
items = [1, 2, 3]
items[1] *= 10
items[-1:] += [4, 5]
print(d, items)

class Box:
    value = 1

box = Box()
box.value += 1
print(box.value, Box.value)

def to_int(text, default=None):
    try:
        return int(text)
    except ValueError:
        return default

print([to_int(t, "?") for t in "1 x 22 -3 4.5".split()])
total = 0
for i in range(1000):
    try:
        if i % 3 == 0:
            raise ValueError(i)
        total += i
    except ValueError as e:
        total -= e.args[0]
print(total)

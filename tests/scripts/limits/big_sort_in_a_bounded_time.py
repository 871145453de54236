# flags: --seconds 20
values = [(i * 7919) % 1000003 for i in range(200000)]
values.sort()
print(values[0], values[-1])  # expect: 0 1000000

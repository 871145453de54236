seed = 12345
values = []
for _ in range(500):
    seed = (seed * 1103515245 + 12345) % 2147483648
    values.append(seed % 1000)
ordered = sorted(values)
print(ordered[:10], ordered[-5:], all(a <= b for a, b in zip(ordered, ordered[1:])))
tagged = sorted(enumerate(values), key=lambda p: p[1])
print(all(a[1] < b[1] or a[0] < b[0] for a, b in zip(tagged, tagged[1:])), sum(values) == sum(ordered))
values.sort(reverse=True)
print(values[:5], values == ordered[::-1])

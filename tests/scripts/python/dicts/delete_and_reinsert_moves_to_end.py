d = dict.fromkeys("abcd", 0)
for key in "ca":
    d[key] = d.pop(key) + 1
print(d, list(d.items()))

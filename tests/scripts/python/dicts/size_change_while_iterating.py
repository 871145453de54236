d = {"a": 1, "b": 2}
try:
    for k in d:
        d[k + "x"] = 1
except RuntimeError as e:
    print(e)
d = {"a": 1, "b": 2}
try:
    for k in d:
        del d[k]
except RuntimeError as e:
    print(e)
d = {"a": 1, "b": 2}
for k in d:
    d[k] = d[k] * 10
for k in list(d):
    if k == "a":
        del d[k]
print(d)
try:
    for k, v in d.items():
        d.clear()
        d["q"], d["r"] = 1, 2
except RuntimeError as e:
    print(e)

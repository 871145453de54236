import json

d = {}
for _ in range(100000):
    d = {"k": d}
for f in (lambda: repr(d), lambda: json.dumps(d), lambda: d == {"k": d}, lambda: json.loads("[" * 100000), lambda: json.loads("[" * 100000 + "]" * 100000)):
    try:
        f()
    except (RecursionError, ValueError):
        pass
print("survived")  # expect: survived

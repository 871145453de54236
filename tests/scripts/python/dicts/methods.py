d = {"a": 1, "b": 2}
print(d.get("a"), d.get("x"), d.get("x", 0), d.setdefault("a", 9), d.setdefault("c", 3), d)
print(d.pop("a"), d.pop("zz", None), d.popitem(), d, d.update({"b": 20}, k=5), d)
d.update([("p", 1), ("q", 2)])
d.update(r=3)
e = d.copy()
e.clear()
print(d, e, len(d), "p" in d, dict.fromkeys("ab"), dict.fromkeys([1, 2], 0))

a = {"x": 1, "y": 2, "z": 3}
b = {"y": 2, "z": 30, "w": 4}
print(sorted(a.keys() & b.keys()), sorted(a.keys() | b.keys()), sorted(a.keys() - b.keys()), sorted(a.keys() ^ b.keys()))
print(sorted(a.items() & b.items()), sorted(a.keys() & ["x", "q"]), a.keys() >= {"x"}, a.keys().isdisjoint({"q"}))

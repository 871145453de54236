class Store:
    def __init__(self):
        self.data = {}

    def __getitem__(self, key):
        return self.data[key]

    def __setitem__(self, key, value):
        self.data[key] = value

    def __delitem__(self, key):
        del self.data[key]

    def __contains__(self, key):
        print("contains", key)
        return key in self.data

    def __len__(self):
        return len(self.data)

    def __iter__(self):
        return iter(self.data)

    def __reversed__(self):
        return iter(list(self.data)[::-1])

s = Store()
s["a"] = 1
s["b"] = 2
s["a"] += 10
del s["b"]
s["c"] = 3
print(s["a"], "a" in s, "b" not in s, len(s), list(s), list(reversed(s)), bool(s))
try:
    s["zz"]
except KeyError as e:
    print(e)

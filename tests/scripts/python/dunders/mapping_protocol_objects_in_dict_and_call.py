class Mapping:
    def keys(self):
        return ["a", "b"]

    def __getitem__(self, key):
        return key.upper()

def f(**kw):
    return kw

print(dict(Mapping()), f(**Mapping()), {**Mapping(), "c": 1})
d = {"z": 0}
d.update(Mapping())
print(d)

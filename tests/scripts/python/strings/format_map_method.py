print("{a}-{b}".format_map({"a": 1, "b": [2]}))

class Missing(dict):
    def __missing__(self, key):
        return "<" + key + ">"

print("{a} {zz}".format_map(Missing(a=1)))

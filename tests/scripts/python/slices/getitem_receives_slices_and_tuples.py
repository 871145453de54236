class Show:
    def __getitem__(self, key):
        return key

    def __setitem__(self, key, value):
        print("set", key, value)

    def __delitem__(self, key):
        print("del", key)

s = Show()
print(s[1], s[1:2], s[::3], s[1, 2], s[1:2, ...], s[:, 0], s["k"], s[()], s[-1:])
s[1:2] = "v"
s[0, 1:] = 5
del s[::2]
del s[1, "x"]

class Squares:
    def __getitem__(self, i):
        if i >= 4:
            raise IndexError(i)
        return i * i

s = Squares()
print(list(s), s[3], 9 in s, 5 in s, [x for x in s], max(s))
for x in s:
    print(x)

class C:
    def __contains__(self, x):
        return x

print("text" in C(), 0 in C(), [] not in C(), None in C())

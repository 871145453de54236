a = [1]
alias = a
a += [2]
print(alias, a is alias)
a = a + [3]
print(alias, a is alias)

def extend(x):
    x += ["in"]

extend(alias)
print(alias)

a = [1, 2]
b = [1, 2]
c = a
print(a == b, a is b, a is c, a is not b)
print(None is None, None == 0, None == False)
print(True == 1, True is True, [] == (), {} == set())
print((1, 2) == (1, 2), "1" == 1, 1.0 == 1)

x = 5
print(1 < x < 10, 1 < x > 3, 10 > x < 3)
print(1 < 2 < 3 < 4, 1 < 3 < 2 < undefined_name)
print(1 == 1.0 == True, 0 == 0.0 == False)
print(None is None is None, 3 in [3] == [3])
print("a" < "b" <= "b" != "c")

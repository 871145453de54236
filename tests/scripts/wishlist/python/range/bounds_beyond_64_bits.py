for i in range(2 ** 63 - 2, 2 ** 63 + 2):
    print(i)

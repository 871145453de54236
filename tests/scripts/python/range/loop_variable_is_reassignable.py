for i in range(3):
    i = i * 100
    print(i)
print("after", i)
for i in range(0):
    pass
print("still", i)

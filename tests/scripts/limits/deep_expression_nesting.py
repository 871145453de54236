print(((((((((((((((((((((((((((((((1 + 1)))))))))))))))))))))))))))))))  # expect: 2
x = [[[[[[[[[[[[[[[[[[[["deep"]]]]]]]]]]]]]]]]]]]]
n = 0
while isinstance(x, list):
    x = x[0]
    n += 1
print(x, n)  # expect: deep 20

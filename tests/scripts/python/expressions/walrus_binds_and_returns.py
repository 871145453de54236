if (n := len("hello")) > 3:
    print("long", n)
data = [1, 2, 3, 4, 5]
print([y for x in data if (y := x * x) > 5], y)
while (item := data.pop()) != 2:
    print("popped", item)
print(item, data)
print((a := 1) + (b := 2), a, b)

def scope():
    total = 0
    partial = [total := total + v for v in range(5)]
    return partial, total

print(scope())

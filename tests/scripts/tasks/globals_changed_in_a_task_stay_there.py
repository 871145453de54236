import scriptling.runtime as runtime

count = 0
items = []

def bump():
    global count
    count += 1
    items.append(count)
    return count, items

print(runtime.run(bump).get())  # expect: (1, [1])
print(runtime.run(bump).get())  # expect: (1, [1])
print(count, items)  # expect: 0 []

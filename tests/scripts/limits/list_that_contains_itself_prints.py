a = [1]
a.append(a)
print(a)  # expect: [1, [...]]
print(str(a), repr([a]))  # expect: [1, [...]] [[1, [...]]]
print(f"{a}")  # expect: [1, [...]]

def make():
    items = []
    value = 0

    def put(x):
        nonlocal value
        value = x
        items.append(x)

    def get():
        return value, items

    return put, get

put, get = make()
put(1)
put(2)
print(get())

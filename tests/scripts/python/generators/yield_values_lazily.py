def g():
    print("started")
    for i in range(3):
        print("before", i)
        yield i
    print("finished")

it = g()
print("created")
print(next(it))
print(list(it))
print(list(it), next(it, "exhausted"))

def f(*args, **kw):
    return len(args) + len(kw)

print(f(*range(100000)), f(**{f"k{i}": i for i in range(10000)}))  # expect: 100000 10000
text = "[" + ",".join(str(i) for i in range(5000)) + "]"
print(len(text))  # expect: 23891

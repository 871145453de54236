def f():
    global f
    def f():
        return "second"
    return "first"

print(f(), f(), f())
if True:
    def g():
        return "true branch"
else:
    def g():
        return "false branch"
print(g())

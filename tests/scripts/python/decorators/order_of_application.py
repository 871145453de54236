def tag(name):
    print("make", name)
    def decorate(f):
        print("apply", name)
        def wrapper(*a):
            return f"<{name}>{f(*a)}</{name}>"
        return wrapper
    return decorate

@tag("b")
@tag("i")
def hello(who):
    return "hello " + who

print(hello("you"))

import scriptling.runtime as runtime

def shout(f):
    def wrapper(*args):
        return f(*args).upper() + "!"
    return wrapper

@shout
def greet(name):
    return "hello " + name

print(runtime.background("g", "greet", "ann").get())  # expect: HELLO ANN!
print(runtime.run(greet, "bob").get())  # expect: HELLO BOB!

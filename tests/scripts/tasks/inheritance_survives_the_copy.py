import scriptling.runtime as runtime

class Base:
    kind = "base"

    def describe(self):
        return f"{self.kind}:{self.name}"

class Child(Base):
    kind = "child"

    def __init__(self, name):
        self.name = name

    def describe(self):
        return super().describe() + "!"

def show(thing):
    return thing.describe(), isinstance(thing, Base)

print(runtime.run(show, Child("x")).get())  # expect: ('child:x!', True)

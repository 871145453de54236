class Spy:
    def __init__(self):
        self.x = 1

    def __getattribute__(self, name):
        if name == "secret":
            return "found"
        return object.__getattribute__(self, name)

    def method(self):
        return self.secret

s = Spy()
print(s.x, s.secret, s.method())
try:
    s.y
except AttributeError as e:
    print(e)

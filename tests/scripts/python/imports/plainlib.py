# library: imported by the scripts of this folder, not run by itself
print("plainlib loaded as", __name__)
value = 10
_private = "underscore"

def get():
    return value

def bump():
    global value
    value += 1
    return value

class Thing:
    def where(self):
        return __name__

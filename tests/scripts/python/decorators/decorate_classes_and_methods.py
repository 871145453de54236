registry = {}

def register(cls):
    registry[cls.__name__] = cls
    cls.registered = True
    return cls

def logged(f):
    def wrapper(self, *args):
        self.log.append(f.__name__)
        return f(self, *args)
    return wrapper

@register
class Service:
    def __init__(self):
        self.log = []

    @logged
    def start(self, n):
        return n + 1

s = Service()
print(s.start(1), s.log, Service.registered, list(registry))

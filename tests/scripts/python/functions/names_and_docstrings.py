def documented():
    """First line.

    More text."""
    return 1

class K:
    "class doc"

    def method(self):
        "method doc"

    def inner(self):
        def nested():
            pass
        return nested

print(documented.__doc__)
print(K.__doc__, K.method.__doc__, K.method.__qualname__, K().inner().__qualname__, (lambda: 0).__name__, documented.__module__)
documented.__name__ = "renamed"
print(documented.__name__, print.__name__, len.__name__)

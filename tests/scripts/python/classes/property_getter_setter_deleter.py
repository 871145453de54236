class Celsius:
    def __init__(self, degrees):
        self.degrees = degrees

    @property
    def degrees(self):
        "The temperature."
        return self._degrees

    @degrees.setter
    def degrees(self, value):
        if value < -273.15:
            raise ValueError("below absolute zero")
        self._degrees = value

    @degrees.deleter
    def degrees(self):
        print("deleting")
        del self._degrees

    @property
    def fahrenheit(self):
        return self.degrees * 9 / 5 + 32

c = Celsius(100)
c.degrees += 10
print(c.degrees, c.fahrenheit, Celsius.degrees.__doc__)
try:
    c.degrees = -300
except ValueError as e:
    print(e)
try:
    c.fahrenheit = 5
except AttributeError:
    print("read only")
del c.degrees
print(hasattr(c, "degrees"))

class Meta(type):
    def __instancecheck__(cls, obj):
        return obj == "magic"

class A(metaclass=Meta):
    pass

print(isinstance("magic", A), isinstance(5, A), isinstance("magic", (int, A)))

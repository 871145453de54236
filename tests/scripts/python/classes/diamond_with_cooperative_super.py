class Base:
    def run(self):
        return ["Base"]

class Left(Base):
    def run(self):
        return ["Left"] + super().run()

class Right(Base):
    def run(self):
        return ["Right"] + super().run()

class Bottom(Left, Right):
    def run(self):
        return ["Bottom"] + super().run()

print(Bottom().run(), Left().run(), [c.__name__ for c in Bottom.mro()])
print(super(Left, Bottom()).run(), super(Bottom, Bottom()).run())

class Animal:
    def __init__(self, name):
        self.name = name

    def speak(self):
        return "..."

    def intro(self):
        return f"{self.name} says {self.speak()}"

class Dog(Animal):
    def __init__(self, name, breed):
        super().__init__(name)
        self.breed = breed

    def speak(self):
        return "Woof"

class Puppy(Dog):
    def speak(self):
        return super().speak().lower() + "!"

for a in (Animal("Generic"), Dog("Rex", "Lab"), Puppy("Bit", "Pug")):
    print(a.intro(), isinstance(a, Animal), isinstance(a, Dog), type(a).__name__)
print(issubclass(Puppy, Animal), issubclass(Animal, Dog), Puppy.__bases__, [c.__name__ for c in Puppy.__mro__])

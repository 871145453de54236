class Stack(list):
    def push(self, x):
        self.append(x)
        return self

    def peek(self):
        return self[-1]

class Celsius(float):
    def text(self):
        return f"{self:.1f}C"

class Even(int):
    def half(self):
        return self // 2

s = Stack([1]).push(2).push(3)
print(s, s.peek(), len(s), isinstance(s, list), s == [1, 2, 3], Celsius(21.55).text(), Even(10).half() + 1, Even(3) + 4, type(Even(3) + 4))

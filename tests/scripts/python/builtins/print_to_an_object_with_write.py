class Sink:
    def __init__(self):
        self.parts = []

    def write(self, text):
        self.parts.append(text)

s = Sink()
print("a", 1, sep="-", file=s)
print(end="", file=s)
print("".join(s.parts) == "a-1\n")

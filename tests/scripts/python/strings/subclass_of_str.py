class Tag(str):
    def shout(self):
        return self.upper() + "!"

t = Tag("hey")
print(t, t.shout(), len(t), t == "hey", t + "x", type(t + "x"), isinstance(t, str), {t: 1}["hey"], repr(t))

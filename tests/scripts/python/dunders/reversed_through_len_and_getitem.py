class Seq:
    def __len__(self):
        return 3

    def __getitem__(self, i):
        if not 0 <= i < 3:
            raise IndexError
        return i * 10

print(list(reversed(Seq())), list(Seq()), list(zip(Seq(), "abc")), list(enumerate(Seq())), list(map(str, Seq())), [*Seq()], dict.fromkeys(Seq(), 1), sorted(Seq(), reverse=True))
a, b, c = Seq()
print(a, b, c, 20 in Seq(), sum(Seq()), max(Seq()), set(Seq()) == {0, 10, 20})

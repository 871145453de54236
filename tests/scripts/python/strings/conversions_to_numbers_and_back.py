# int(), float() and str() of usual and unusual text.
for text in ["0", "7", "-7", "+7", "007", "-0", "12345678901234567", "123456789012345678", "1234567890123456789", "-123456789012345678",
             "9223372036854775807", "9223372036854775808", "-9223372036854775808", " 5 ", "1_000", "", "-", "--1", "1-", "٣", "1.5", "1e3",
             ".5", "5.", "1.e5", "1e", "e5", "+.5e-3", "-1.5E+2", "1..2", "1e5.5", "inf", "-nan", "1_0.5", "0x10", "1 2", "1\x00"]:
    for convert in [int, float]:
        try:
            print(convert.__name__, repr(text), convert(text))
        except ValueError as e:
            print(convert.__name__, repr(text), e)


class Int(int):
    pass


class Str(str):
    def shout(self):
        return self.upper() + "!"


class Float(float):
    pass


print(int(), str(), float(), int(True), int(3.9), int(Int(4)), type(int(Int(4))).__name__, type(Int("12")).__name__, Int(" 12 ") + 1)
print(Str("abc").shout(), type(Str(12)).__name__, Str(12) + "x", str(Str("y")), type(str(Str("y"))).__name__, float(Float(2)), type(Float("1.5")).__name__)
print(Str("a b").split(), type(Str("abc").replace("z", "y")).__name__, type(Str("abc").lower()).__name__, ",".join([Str("p"), "q"]), Str("x").join("ab"))
print(Str("%s-%d") % ("a", 5), f"{Str('abc'):5}|", Str("abc").startswith(Str("ab")), Str("ab") in "cabs", "b" in Str("ab"))

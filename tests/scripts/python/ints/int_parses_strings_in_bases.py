print(int("42"), int("  -42\n"), int("+7"), int("1_000_000"))
print(int("ff", 16), int("0xFF", 16), int("0b101", 2), int("777", 8), int("z", 36))
print(int("0x1f", 0), int("0o17", 0), int("0b11", 0), int("99", 0), int("-0x10", 0))
print(int("123456789" * 5))
for text, base in (("", 10), ("abc", 10), ("12", 2), ("1__0", 10), ("0x", 16), ("1.5", 10), ("9", 1)):
    try:
        print(int(text, base))
    except ValueError as e:
        print("ValueError:", e)

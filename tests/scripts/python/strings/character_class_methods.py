for s in ("abc", "abc1", "123", "", " \t\n", "a b", "²", "½", "é", "_x1", "1x", "class", "٣"):
    print(repr(s), s.isalpha(), s.isdigit(), s.isdecimal(), s.isnumeric(), s.isalnum(), s.isspace(), s.isidentifier(), s.isascii(), s.isprintable())
print("\n".isprintable(), "\x7f".isprintable(), "日本".isalpha())

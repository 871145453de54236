s = "banana"
print(s.find("an"), s.find("an", 2), s.find("x"), s.rfind("an"), s.find("", 3), s.rfind(""), s.find("a", -2), s.find("nan", 0, 4))
print(s.index("n"), s.rindex("n"), s.count("a"), s.count("ana"), s.count(""), s.count("a", 2), s.count("a", 0, 2))
for f in (s.index, s.rindex):
    try:
        f("x")
    except ValueError as e:
        print(e)

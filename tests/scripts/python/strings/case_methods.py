s = "hello World, ünïcode ß"
print(s.upper(), s.lower(), s.title(), s.capitalize(), s.swapcase(), s.casefold(), sep="|")
print("they're bill's".title(), "x1y2".title(), "ABC".casefold() == "abc")
print("Abc".isupper(), "ABC1".isupper(), "abc1".islower(), "1".isupper(), "Hello World".istitle(), "Hello world".istitle())

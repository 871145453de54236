print("hello".translate(str.maketrans("el", "ip")), "hello".translate(str.maketrans("", "", "l")))
print("abc".translate({97: "AA", 98: None, 99: 100}), "abc".translate(str.maketrans({"a": "1", "b": None})))
print(str.maketrans("ab", "xy", "z"), str.maketrans({"q": "Q"}))

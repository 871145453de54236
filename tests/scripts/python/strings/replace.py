print("banana".replace("a", "o"), "banana".replace("a", "o", 2), "abc".replace("", "-"), "abc".replace("", "-", 2))
print("aaa".replace("aa", "b"), "x".replace("y", "z"), "".replace("", "e"), "abc".replace("b", ""))
print("a.b.c".replace(".", "::"), "été".replace("é", "e"))

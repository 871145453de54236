a, b, c = "xyz"
print(a, b, c, list("hi"), tuple("ab"), sorted("hello"), "".join(reversed("abc")))
for i, ch in enumerate("ab"):
    print(i, ch)
print({ch: "hello".count(ch) for ch in "helo"}, dict(zip("abc", "123")), set("aaa"))

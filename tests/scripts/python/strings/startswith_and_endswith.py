s = "example.tar.gz"
print(s.startswith("ex"), s.startswith("am", 2), s.endswith(".gz"), s.endswith("tar", 0, 11), s.startswith(""))
print(s.endswith((".zip", ".gz")), s.startswith(("a", "b")), s.startswith(()))
try:
    s.startswith(5)
except TypeError as e:
    print(e)
try:
    s.endswith(["gz"])
except TypeError as e:
    print(e)

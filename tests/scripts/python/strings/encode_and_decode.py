s = "héllo €"
b = s.encode()
print(b, b.decode() == s, len(s), len(b), s.encode("utf-8") == b)
print("abc".encode("ascii"), "é".encode("latin-1"), b"\xe9".decode("latin-1"))
print("é".encode("ascii", "ignore"), "é".encode("ascii", "replace"), b"a\xffb".decode("utf-8", "replace"), b"a\xff".decode("utf-8", errors="ignore"))

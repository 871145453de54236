print(chr(65), ord("A"), chr(8364), ord("€"), chr(0x1F600), ord("😀"), ord(b"z"), repr(chr(0)), [chr(c) for c in range(97, 102)])
for bad in (lambda: chr(0x110000), lambda: chr("a"), lambda: ord(""), lambda: ord("ab"), lambda: ord(5)):
    try:
        bad()
    except (TypeError, ValueError) as e:
        print(type(e).__name__ + ":", e)

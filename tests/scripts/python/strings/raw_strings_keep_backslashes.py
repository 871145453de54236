print(r"\n\t\\", len(r"\n"), r'\'', R"\x41", r"a\"b")
print(br"\x00", rb"\n", len(rb"\n"))
print(r"""multi\
line""")

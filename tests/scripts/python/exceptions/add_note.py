e = ValueError("base")
e.add_note("extra one")
e.add_note("extra two")
print(e.__notes__, e)

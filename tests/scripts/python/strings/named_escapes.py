print("\N{GREEK SMALL LETTER ALPHA} \N{SNOWMAN} \N{euro sign}", len("\N{BULLET}"))
print(r"\N{BULLET}", f"{1}\N{BULLET}")

parts = []
for i in range(2000):
    parts.append(str(i))
joined = ",".join(parts)
built = ""
for i in range(2000):
    if i:
        built += ","
    built += str(i)
print(built == joined, len(built), built[-9:], built[:10])
text = "x"
for _ in range(12):
    text += text
print(len(text), text.count("x"), (text + "y").find("y"))
saved = text
text += "z"
print(len(saved), len(text))

def shift(text, key):
    out = []
    for i, c in enumerate(text):
        if c.isalpha():
            base = ord("A") if c.isupper() else ord("a")
            c = chr((ord(c) - base + key[i % len(key)]) % 26 + base)
        out.append(c)
    return "".join(out)

message = "Attack at Dawn, bring Zebras!"
caesar = shift(message, [3])
vig = shift(message, [ord(c) - 97 for c in "lemon"])
print(caesar, shift(caesar, [-3]), vig, shift(vig, [97 - ord(c) for c in "lemon"]), sep="\n")

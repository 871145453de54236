print("key=value=x".partition("="), "key=value=x".rpartition("="))
print("none".partition("="), "none".rpartition("="), "=".partition("="), "".partition("x"))
try:
    "a".partition("")
except ValueError as e:
    print(e)

def grade(n):
    if n >= 90:
        return "A"
    elif n >= 80:
        return "B"
    elif n >= 70:
        return "C"
    else:
        if n < 0:
            return "?"
        return "F"

print([grade(n) for n in (95, 85, 75, 10, -1)])
if [] or {} or 0:
    print("wrong")
elif None:
    print("wrong")
else:
    print("right")
if 1: print("one line"); print("two statements")
for c in "ab": print(c, end=" "); print(c.upper())

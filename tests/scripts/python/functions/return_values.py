def nothing():
    pass

def bare():
    return

def many():
    return 1, 2, *[3, 4]

def early(x):
    if x > 0:
        return "positive"
    elif x < 0:
        return "negative"
    return "zero"

print(nothing(), bare(), many(), early(1), early(-1), early(0))
a, *b = many()
print(a, b)

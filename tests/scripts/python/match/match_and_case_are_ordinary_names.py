match = 1
case = [2]
_ = "underscore"
print(match, case[0], match + case[0], _)
match (1, 2):
    case (a, b):
        print(a, b, _)

def type(x):
    return "shadowed"

print(type(match), match if case else None)
match = [print]
match[0]("subscript of a name called match")

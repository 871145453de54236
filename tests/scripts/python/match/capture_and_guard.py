def sign(n):
    match n:
        case x if x < 0:
            return f"negative {x}"
        case 0:
            return "zero"
        case x if x > 100 and x % 2:
            return f"big odd {x}"
        case x:
            return f"positive {x}"

print(sign(-5), sign(0), sign(101), sign(102), sign(7))
match 5:
    case captured:
        pass
print(captured)

naïve = 1
π = 3.14159
変数 = "variable"
print(naïve, π, 変数)

class Größe:
    höhe = 5

print(Größe().höhe, Größe.__name__)

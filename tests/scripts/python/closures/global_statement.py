total = 0

def add(n):
    global total, created
    total += n
    created = "made inside"

add(3)
add(4)
print(total, created)

def shadow():
    total = "local"
    def inner():
        global total
        total = "global again"
        return total
    return inner(), total

print(shadow(), total)

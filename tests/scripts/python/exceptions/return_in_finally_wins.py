def a():
    try:
        return "try"
    finally:
        return "finally"

def b():
    try:
        raise ValueError("lost")
    finally:
        return "swallowed"

def c():
    x = 1
    try:
        return x
    finally:
        x = 2

def d():
    items = [1]
    try:
        return items
    finally:
        items.append(2)

print(a(), b(), c(), d())

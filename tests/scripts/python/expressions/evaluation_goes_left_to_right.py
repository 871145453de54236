log = []

def f(tag, value=0):
    log.append(tag)
    return value

f("a", 1) + f("b", 2) * f("c", 3)
print(log)
log.clear()
d = {f("k1"): f("v1"), f("k2", 1): f("v2")}
print(log)
log.clear()
items = [0, 0]
items[f("index", 1)] = f("value", 9)
print(log, items)
log.clear()
(f("first"), f("second"))[f("subscript")]
print(log)
log.clear()
print(max(f("x", 1), f("y", 2)), log)

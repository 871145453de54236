def search(items, wanted):
    i = 0
    while i < len(items):
        if items[i] == wanted:
            result = f"found at {i}"
            break
        i += 1
    else:
        result = "not found"
    return result

print(search([1, 2, 3], 2), search([1, 2, 3], 9), search([], 1))
n = 3
while n:
    n -= 1
else:
    print("ran out", n)
while False:
    print("never")
else:
    print("else of a loop that never ran")

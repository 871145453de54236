# Nested while and for loops over integer arithmetic.
def while_loops(n):
    total = 0
    i = 0
    while i < n:
        j = 0
        while j < n:
            total = (total + i * j) % 1000003
            j += 1
        i += 1
    return total


def for_loops(n):
    total = 0
    for i in range(n):
        for j in range(n):
            if (i ^ j) & 1:
                total += i - j
            else:
                total -= j >> 1
    return total


print(while_loops(2000), for_loops(2000))

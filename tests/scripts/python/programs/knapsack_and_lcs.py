def knapsack(items, limit):
    best = [0] * (limit + 1)
    for weight, value in items:
        for w in range(limit, weight - 1, -1):
            best[w] = max(best[w], best[w - weight] + value)
    return best[limit]

def lcs(a, b):
    table = [[""] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            table[i + 1][j + 1] = table[i][j] + x if x == y else max(table[i][j + 1], table[i + 1][j], key=len)
    return table[-1][-1]

def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1]

print(knapsack([(2, 3), (3, 4), (4, 5), (5, 8), (9, 10)], 20), lcs("AGGTABQXW", "GXTXAYBW"), distance("kitten", "sitting"), distance("", "abc"), distance("flaw", "lawn"))

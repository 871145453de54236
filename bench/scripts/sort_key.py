# sorted() and list.sort() with and without keys.
def numbers(n):
    seed = 7
    out = []
    for _ in range(n):
        seed = (seed * 1664525 + 1013904223) % 4294967296
        out.append(seed)
    return out


class Item:
    def __init__(self, name, rank):
        self.name, self.rank = name, rank


data = numbers(120000)
checksum = 0
for _ in range(2):
    by_digit = sorted(data, key=lambda n: n % 1000)
    by_pair = sorted(data, key=lambda n: (n & 15, -n))
    copy = list(data)
    copy.sort()
    copy.sort(reverse=True)
    checksum += by_digit[500] + by_pair[500] + copy[500]
items = [Item("n" + str(n % 977), n) for n in data]
items.sort(key=lambda item: item.name)
print(checksum, items[0].name, items[-1].rank, sorted(map(str, data[:50000]))[1234])

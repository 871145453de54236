# A least-recently-used cache on an ordered dict: lookups, deletes, re-insertion.
class LRU:
    def __init__(self, capacity):
        self.capacity = capacity
        self.data = {}
        self.hits = 0

    def get(self, key):
        value = self.data.pop(key, None)
        if value is None:
            return None
        self.data[key] = value
        self.hits += 1
        return value

    def put(self, key, value):
        if key in self.data:
            del self.data[key]
        elif len(self.data) >= self.capacity:
            del self.data[next(iter(self.data))]
        self.data[key] = value


def run(cache, n, make_key):
    seed = 99
    total = 0
    for _ in range(n):
        seed = (seed * 16807) % 2147483647
        key = make_key(seed)
        value = cache.get(key)
        if value is None:
            cache.put(key, seed % 100 + 1)
        else:
            total += value
    return total, cache.hits, len(cache.data)


print(run(LRU(500), 700000, lambda seed: seed % 700))
print(run(LRU(300), 400000, lambda seed: ("k", seed % 400)))

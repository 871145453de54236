class LRU:
    def __init__(self, capacity):
        self.capacity, self.data, self.hits, self.misses = capacity, {}, 0, 0

    def get(self, key, compute):
        if key in self.data:
            self.hits += 1
            value = self.data.pop(key)
        else:
            self.misses += 1
            value = compute(key)
            if len(self.data) >= self.capacity:
                oldest = next(iter(self.data))
                del self.data[oldest]
        self.data[key] = value
        return value

cache = LRU(3)
for k in [1, 2, 3, 1, 4, 1, 2, 5, 1]:
    cache.get(k, lambda n: n * n)
    print(k, list(cache.data.items()))
print(cache.hits, cache.misses)

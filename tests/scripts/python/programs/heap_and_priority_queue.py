class Heap:
    def __init__(self):
        self.items = []

    def push(self, item):
        a = self.items
        a.append(item)
        i = len(a) - 1
        while i and a[i] < a[(i - 1) // 2]:
            a[i], a[(i - 1) // 2] = a[(i - 1) // 2], a[i]
            i = (i - 1) // 2

    def pop(self):
        a = self.items
        top, last = a[0], a.pop()
        if a:
            a[0] = last
            i = 0
            while (child := 2 * i + 1) < len(a):
                if child + 1 < len(a) and a[child + 1] < a[child]:
                    child += 1
                if a[i] <= a[child]:
                    break
                a[i], a[child] = a[child], a[i]
                i = child
        return top

h = Heap()
for item in [(5, "e"), (1, "a"), (3, "c"), (1, "b"), (9, "z"), (2, "x")]:
    h.push(item)
print([h.pop() for _ in range(6)], h.items)
for i in range(200):
    h.push(i * 37 % 101)
out = [h.pop() for _ in range(200)]
print(out == sorted(out), out[:8])

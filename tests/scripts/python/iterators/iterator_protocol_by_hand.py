class Pages:
    def __init__(self, items, size):
        self.items, self.size = items, size

    def __iter__(self):
        return PageIterator(self)

class PageIterator:
    def __init__(self, pages):
        self.pages, self.at = pages, 0

    def __iter__(self):
        return self

    def __next__(self):
        part = self.pages.items[self.at:self.at + self.pages.size]
        if not part:
            raise StopIteration
        self.at += self.pages.size
        return part

p = Pages("abcdefg", 3)
print(list(p), list(p), [len(x) for x in p])
for x in p:
    for y in p:
        print(x + y, end=" ")
print()

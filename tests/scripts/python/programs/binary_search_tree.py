class Tree:
    def __init__(self):
        self.root = None

    def insert(self, key, value):
        node = [key, value, None, None]
        if self.root is None:
            self.root = node
            return
        at = self.root
        while True:
            if key == at[0]:
                at[1] = value
                return
            side = 2 if key < at[0] else 3
            if at[side] is None:
                at[side] = node
                return
            at = at[side]

    def items(self, node="root"):
        node = self.root if node == "root" else node
        if node:
            yield from self.items(node[2])
            yield node[0], node[1]
            yield from self.items(node[3])

    def height(self, node="root"):
        node = self.root if node == "root" else node
        return 0 if node is None else 1 + max(self.height(node[2]), self.height(node[3]))

t = Tree()
for i in range(60):
    t.insert(i * 37 % 61, i)
t.insert(5, "replaced")
items = list(t.items())
print(len(items), items[:6], items == sorted(items, key=lambda kv: kv[0]), t.height())

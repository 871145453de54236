# Allocation and traversal of many small objects.
class Tree:
    def __init__(self, left, right):
        self.left = left
        self.right = right

    def count(self):
        if self.left is None:
            return 1
        return 1 + self.left.count() + self.right.count()


def build(depth):
    if depth == 0:
        return Tree(None, None)
    return Tree(build(depth - 1), build(depth - 1))


def run(max_depth):
    keep = build(max_depth)
    results = []
    for depth in range(4, max_depth + 1, 4):
        times = 1 << (max_depth - depth + 3)
        total = 0
        for _ in range(times):
            total += build(depth).count()
        results.append(total)
    return results, keep.count()


print(run(15))

class Node:
    def __init__(self, value, next=None):
        self.value, self.next = value, next

class LinkedList:
    def __init__(self, items=()):
        self.head = None
        self.size = 0
        for item in reversed(list(items)):
            self.push(item)

    def push(self, value):
        self.head = Node(value, self.head)
        self.size += 1

    def __iter__(self):
        node = self.head
        while node:
            yield node.value
            node = node.next

    def __len__(self):
        return self.size

    def reverse(self):
        previous, node = None, self.head
        while node:
            node.next, previous, node = previous, node, node.next
        self.head = previous

    def remove(self, value):
        previous, node = None, self.head
        while node:
            if node.value == value:
                if previous:
                    previous.next = node.next
                else:
                    self.head = node.next
                self.size -= 1
                return
            previous, node = node, node.next
        raise ValueError(f"{value!r} not in list")

    def __repr__(self):
        return f"LinkedList({list(self)!r})"

xs = LinkedList("abcd")
xs.push("z")
xs.reverse()
xs.remove("b")
print(xs, len(xs), "c" in xs, max(xs), sorted(xs))
try:
    xs.remove("q")
except ValueError as e:
    print(e)
big = LinkedList(range(5000))
big.reverse()
print(sum(big), next(iter(big)))

class Node:
    def __init__(self, next):
        self.next = next

head = None
for _ in range(300000):
    head = Node(head)
head = None
nested = []
for _ in range(300000):
    nested = [nested]
nested = None
print("freed")  # expect: freed

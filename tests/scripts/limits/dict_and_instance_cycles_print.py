d = {}
d["self"] = d
d["list"] = [d]
print(d)  # expect: {'self': {...}, 'list': [{...}]}

class Node:
    def __init__(self):
        self.children = []

    def __repr__(self):
        return f"Node({self.children})"

n = Node()
n.children.append(1)
print(n)  # expect: Node([1])
t = ([],)
t[0].append(t)
print(t)  # expect: ([(...)],)

graph = {"A": {"B": 7, "C": 9, "F": 14}, "B": {"A": 7, "C": 10, "D": 15}, "C": {"A": 9, "B": 10, "D": 11, "F": 2}, "D": {"B": 15, "C": 11, "E": 6}, "E": {"D": 6, "F": 9}, "F": {"A": 14, "C": 2, "E": 9}, "Z": {}}

def shortest(graph, start):
    dist = {n: float("inf") for n in graph}
    prev = {}
    dist[start] = 0
    todo = list(graph)
    while todo:
        todo.sort(key=lambda n: dist[n])
        node = todo.pop(0)
        for other, w in graph[node].items():
            if dist[node] + w < dist[other]:
                dist[other] = dist[node] + w
                prev[other] = node
    return dist, prev

dist, prev = shortest(graph, "A")
print(dist)
path, node = [], "E"
while node:
    path.append(node)
    node = prev.get(node)
print(" -> ".join(reversed(path)))

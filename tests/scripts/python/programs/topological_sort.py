def order(deps):
    done, active, out = set(), [], []

    def visit(node):
        if node in done:
            return
        if node in active:
            raise ValueError("cycle: " + " -> ".join(active[active.index(node):] + [node]))
        active.append(node)
        for d in deps.get(node, ()):
            visit(d)
        active.pop()
        done.add(node)
        out.append(node)

    for node in sorted(deps):
        visit(node)
    return out

print(order({"app": ["db", "web"], "web": ["http", "log"], "db": ["log"], "http": []}))
try:
    order({"a": ["b"], "b": ["c"], "c": ["a"]})
except ValueError as e:
    print(e)

def count(name, n):
    for i in range(n):
        yield f"{name}{i}"

def round_robin(*gens):
    active = list(gens)
    while active:
        g = active.pop(0)
        try:
            yield next(g)
            active.append(g)
        except StopIteration:
            pass

print(" ".join(round_robin(count("a", 3), count("b", 1), count("c", 4))))
gens = [count(str(i) + ".", 3) for i in range(50)]
print(sum(len(list(g)) for g in gens))

def worker(name, n):
    for i in range(n):
        print(name, i)
        yield
    return name + " done"

def run(tasks):
    results = []
    while tasks:
        task = tasks.pop(0)
        try:
            task.send(None)
        except StopIteration as e:
            results.append(e.value)
        else:
            tasks.append(task)
    return results

print(run([worker("a", 2), worker("b", 3), worker("c", 1)]))

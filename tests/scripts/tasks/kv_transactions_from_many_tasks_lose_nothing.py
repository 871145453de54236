import scriptling.runtime as runtime
import scriptling.runtime.kv as kv

store = kv.open(":memory:bank")
names = ["a", "b", "c", "d"]
store.mset({name: 100 for name in names})


def move(n):
    done = 0
    while done < 25:
        try:
            with store.transaction() as t:
                t.decr(names[(n + done) % 4])
                t.incr(names[(n * 3 + done + 1) % 4])
            done += 1
        except kv.Conflict:
            pass


tasks = [runtime.run(move, n) for n in range(8)]
while not all(task.done() for task in tasks):
    if sum(store.mget(names)) != 400:
        print("a move was seen half done")
for task in tasks:
    task.wait()
print(sum(store.mget(names)))  # expect: 400

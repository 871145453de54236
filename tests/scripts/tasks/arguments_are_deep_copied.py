import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def change(items, table):
    sync.Queue("go").get()
    items.append("task")
    table["inner"].append("task")
    return items, table

items, table = [1], {"inner": [2]}
p = runtime.run(change, items, table)
items.append("main")
table["inner"].append("main")
sync.Queue("go").put(None)
print(p.get())  # expect: ([1, 'task'], {'inner': [2, 'task']})
print(items, table)  # expect: [1, 'main'] {'inner': [2, 'main']}

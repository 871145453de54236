calls = []

def container():
    calls.append("container")
    return store

def index():
    calls.append("index")
    return 0

store = [1]
container()[index()] += 5
print(store, calls)

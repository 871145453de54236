class Events:
    def __init__(self):
        self.handlers = {}

    def on(self, name, handler=None, *, once=False):
        if handler is None:
            return lambda f: self.on(name, f, once=once)
        self.handlers.setdefault(name, []).append((handler, once))
        return handler

    def emit(self, name, *args, **kw):
        results = []
        for entry in self.handlers.get(name, [])[:]:
            handler, once = entry
            if once:
                self.handlers[name].remove(entry)
            try:
                results.append(handler(*args, **kw))
            except Exception as e:
                results.append(f"{type(e).__name__}: {e}")
        return results

events = Events()

@events.on("save")
def log(name, size=0):
    return f"saved {name} ({size})"

@events.on("save", once=True)
def first(name, **kw):
    return "first save!"

events.on("save", lambda name, size: 1 / size)
print(events.emit("save", "a.txt", size=4))
print(events.emit("save", "b.txt", size=0))
print(events.emit("nobody"))

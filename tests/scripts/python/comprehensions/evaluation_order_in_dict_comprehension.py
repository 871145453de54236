log = []

def note(tag, value):
    log.append((tag, value))
    return value

print({note("key", i): note("value", i * i) for i in range(2)}, log)

# Fetch all parts of a page at the same time. If one fails the others are cancelled, and nothing goes on in the background.
import scriptling.runtime as runtime

def fetch(part, seconds):
    runtime.sleep(seconds)
    if part == "broken":
        raise OSError("no answer for " + part)
    return "<" + part + ">"

def page(parts):
    with runtime.TaskGroup() as tg:
        promises = [tg.run(fetch, part, seconds) for part, seconds in parts.items()]
    return "".join(promise.get() for promise in promises)

print(page({"head": 0.002, "body": 0.001}))  # expect: <head><body>

try:
    page({"head": 3600, "broken": 0.001})
except* OSError as group:
    print(group.exceptions)  # expect: (OSError('no answer for broken'),)
print([task["name"] for task in runtime.tasks()])  # expect: ['main']

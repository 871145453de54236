"""A library beside the example: its functions can be started as "testlib.worker"."""
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

GREETING = "library task"


def checksum(numbers):
    total = 0
    for n in numbers:
        total = (total * 31 + n) % 1000003
    return total


def worker(name, count):
    """Log a few steps, count them, and return a small report."""
    steps = sync.Atomic("library steps")
    for i in range(count):
        steps.add(1)
        print(f"[{GREETING}] {name}: step {i + 1} of {count}")
    runtime.kv.set(f"report:{name}", {"steps": count})
    return {"name": name, "steps": count, "checksum": checksum(range(count))}

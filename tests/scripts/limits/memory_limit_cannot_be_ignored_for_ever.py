# flags: --memory 16M
# matrix: skip the limit is on what a whole run allocates
# Going on after a MemoryError is possible, but only with less.
kept = []


def ignore():
    try:
        while True:
            kept.append([1])  # expect raises: MemoryError
    except MemoryError:
        return


while True:
    ignore()

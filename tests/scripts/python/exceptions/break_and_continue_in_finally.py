def f():
    log = []
    for i in range(4):
        try:
            if i == 1:
                raise ValueError
            if i == 2:
                continue
            log.append(i)
        except ValueError:
            log.append("caught")
            continue
        finally:
            log.append(f"f{i}")
            if i == 3:
                break
    else:
        log.append("no break")
    return log

def g():
    for i in range(3):
        try:
            return "lost"
        finally:
            continue
    return "after loop"

def h():
    while True:
        try:
            1 / 0
        finally:
            break
    return "error dropped by break"

print(f(), g(), h())

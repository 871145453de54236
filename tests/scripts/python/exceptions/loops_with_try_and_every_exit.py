def f(mode):
    log = []
    for i in range(3):
        for j in range(3):
            try:
                try:
                    if mode == "break" and j == 1:
                        break
                    if mode == "continue" and j == 1:
                        continue
                    if mode == "raise" and i == 1:
                        raise ValueError(j)
                    if mode == "return" and i == 1:
                        return log
                    log.append((i, j))
                finally:
                    log.append("f")
            except ValueError as e:
                log.append(f"v{e}")
                if j == 1:
                    break
        else:
            log.append("else")
    return log

for mode in ("break", "continue", "raise", "return", "none"):
    print(mode, f(mode))

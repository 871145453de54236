def f(n):
    log = []
    try:
        try:
            try:
                if n == 0:
                    raise KeyError("a")
                if n == 1:
                    raise ValueError("b")
                log.append("ok")
            except KeyError:
                log.append("inner key")
                raise TypeError("from key")
            finally:
                log.append("inner finally")
        except TypeError as e:
            log.append(f"middle {e}")
        else:
            log.append("middle else")
    except ValueError as e:
        log.append(f"outer {e}")
    finally:
        log.append("outer finally")
    return log

for n in range(3):
    print(f(n))

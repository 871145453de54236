def run(f):
    log = []
    try:
        log.append("try")
        f()
        log.append("after")
    except ValueError:
        log.append("ValueError")
    except (KeyError, IndexError) as e:
        log.append(type(e).__name__)
    else:
        log.append("else")
    finally:
        log.append("finally")
    return log

def fail(e):
    def f():
        raise e
    return f

print(run(lambda: 1))
for e in (ValueError("v"), KeyError("k"), IndexError):
    print(run(fail(e)))
try:
    run(fail(TypeError("escapes")))
except TypeError as e:
    print("outer", e)

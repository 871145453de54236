def f():
    try:
        raise ValueError("original")
    except ValueError as e:
        e.note = "seen"
        raise

try:
    f()
except ValueError as e:
    print(e, e.note)

def helper():
    raise

try:
    try:
        1 / 0
    except ZeroDivisionError:
        helper()
except ZeroDivisionError as e:
    print("re-raised from helper:", e)

def nested():
    try:
        raise KeyError("outer")
    except KeyError:
        try:
            raise IndexError("inner")
        except IndexError:
            pass
        raise

try:
    nested()
except KeyError as e:
    print(e)

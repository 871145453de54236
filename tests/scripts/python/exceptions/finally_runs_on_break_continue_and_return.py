def f():
    for i in range(5):
        try:
            if i == 1:
                continue
            if i == 3:
                break
            print("body", i)
        finally:
            print("finally", i)
    try:
        try:
            return "value"
        finally:
            print("inner")
    finally:
        print("outer")

print(f())

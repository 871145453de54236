print(int(), int(3.99), int(-3.99), int(True), int(1e20))

class Answer:
    def __int__(self):
        return 42

class Index:
    def __index__(self):
        return 7

print(int(Answer()), int(Index()))
for bad in (None, [], "x", float("nan"), float("inf")):
    try:
        int(bad)
    except (TypeError, ValueError, OverflowError) as e:
        print(type(e).__name__ + ":", e)

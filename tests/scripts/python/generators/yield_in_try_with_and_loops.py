class M:
    def __enter__(self):
        print("enter")
        return 1

    def __exit__(self, *e):
        print("exit", e[0] and e[0].__name__)

def g():
    with M() as m:
        for i in range(2):
            try:
                yield m + i
            finally:
                print("finally", i)

print(list(g()))
it = g()
next(it)
it.close()

t, u = (), ()
for _ in range(100000):
    t, u = (t,), (u,)
for f in (lambda: hash(t), lambda: t == u, lambda: t < u, lambda: str(t), lambda: {t: 1}):
    try:
        f()
    except RecursionError:
        pass
print("survived")  # expect: survived

def cached(f):
    cache = {}

    def wrapper(*args):
        if args not in cache:
            wrapper.misses += 1
            cache[args] = f(*args)
        return cache[args]

    wrapper.misses = 0
    return wrapper

@cached
def square(n):
    return n * n

print([square(n) for n in (1, 2, 1, 2, 3)], square.misses)

import scriptling.runtime.kv as kv

store = kv.open(":memory:pages")
for n in range(250):
    store[f"user:{n:03}"] = n
store["order:1"] = 1


def pages(**options):
    cursor = None
    while True:
        keys, cursor = store.scan(cursor=cursor, **options)
        yield keys
        if cursor is None:
            return


keys = [key for page in pages(limit=7) for key in page]
print(sorted(keys) == store.keys(), len(keys))  # expect: True 251
print(sorted(key for page in pages(prefix="user:01") for key in page) == store.keys("user:01*"))  # expect: True
print(all(len(page) <= 100 for page in pages()), list(pages(prefix="none")))  # expect: True [[]]
# Keys that are there all the time come once, whatever else changes.
seen = []
for page in pages(prefix="user:", limit=10):
    for key in page:
        n = int(key[5:])
        if n < 1000 and n % 2:
            store.delete(f"user:{(n * 7) % 250 | 1:03}")
        store[f"user:{len(seen) + 1000}"] = 1
        store.incr(f"user:{n * 6 % 250 & ~1:03}")
        seen.append(n)
        if len(seen) > 5000:
            break
    if len(seen) > 5000:
        break
even = [n for n in seen if n < 1000 and n % 2 == 0]
print(sorted(even) == list(range(0, 250, 2)))  # expect: True
for bad in (
    lambda: store.scan(cursor="x"),
    lambda: store.scan(cursor=5),
    lambda: store.scan(limit=0),
    lambda: store.scan(limit=True),
    lambda: store.scan(prefix=None),
    lambda: store.scan(perfix="a"),
):
    try:
        bad()
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
# expect: ValueError cursor must be None or what scan() of this store returned
# expect: TypeError cursor must be a string, not int
# expect: ValueError limit must be from 1 to 1000000
# expect: TypeError limit must be an int, not bool
# expect: TypeError prefix must be a string, not NoneType
# expect: TypeError scan() got an unexpected keyword argument 'perfix'. Did you mean 'prefix'?

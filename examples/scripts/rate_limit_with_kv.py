"""Count requests per client in the key-value store and refuse those above a limit."""
import scriptling.runtime.kv as kv

LIMIT, WINDOW = 3, 60


def allow(client):
    key = f"rate:{client}"
    if not kv.exists(key):
        kv.set(key, 0, ttl=WINDOW)  # the whole window disappears by itself after WINDOW seconds
    return kv.incr(key) <= LIMIT


for client in ("ann", "ann", "bob", "ann", "ann", "bob"):
    print(client, "allowed" if allow(client) else "refused")
# expect: ann allowed
# expect: ann allowed
# expect: bob allowed
# expect: ann allowed
# expect: ann refused
# expect: bob allowed
print({key: kv.get(key) for key in kv.keys("rate:*")})  # expect: {'rate:ann': 4, 'rate:bob': 2}

import scriptling.runtime.kv as kv

kv.set("forever", 1)
kv.set("timed", 1, ttl=60)
print(kv.ttl("missing"), kv.ttl("forever"), 58 <= kv.ttl("timed") <= 60)  # expect: -2 -1 True
kv.set("timed", 2)
print(kv.ttl("timed"))  # expect: -1
kv.set("positional", 1, 100)
print(90 < kv.ttl("positional") <= 100)  # expect: True

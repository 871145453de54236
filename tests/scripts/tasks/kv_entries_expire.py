# The loop ends because the clock does; no sleep decides the result.
import scriptling.runtime.kv as kv
import time

start = time.monotonic()
kv.set("short", "value", ttl=1)
kv.set("long", "value", ttl=600)
print(kv.get("short"))  # expect: value
while kv.exists("short"):
    time.sleep(0.05)
print(time.monotonic() - start >= 0.9, kv.get("short"), kv.ttl("short"), kv.keys())  # expect: True None -2 ['long']

import scriptling.runtime.kv as kv

kv.set("a", None)
print(kv.exists("a"), kv.exists("b"), kv.delete("a"), kv.delete("never"), kv.exists("a"))  # expect: True False None None False
kv.set("", "empty key")
kv.set("b", 1)
print(kv.keys(), kv.get(""))  # expect: ['', 'b'] empty key
kv.clear()
print(kv.keys())  # expect: []

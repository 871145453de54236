import scriptling.runtime.kv as kv

for value in (None, True, 7, 2 ** 80, 1.5, "é", b"\x00\xff", [1, [2]], {"a": {"b": None}}, ""):
    kv.set("v", value)
    back = kv.get("v", "default")
    if back != value or type(back) is not type(value):
        print("changed", value, back)
print(kv.exists("v"), kv.keys())  # expect: True ['v']

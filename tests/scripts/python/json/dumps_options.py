import json

data = {"b": [1, 2, {"x": None}], "a": {"nested": True}, "e": [], "f": {}}
print(json.dumps(data, indent=2))
print(json.dumps(data, sort_keys=True, separators=(",", ":")))
print(json.dumps([1, [2]], indent=0))
print(json.dumps(data, indent="\t", sort_keys=True))

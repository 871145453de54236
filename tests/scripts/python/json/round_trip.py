import json

data = {"name": "Ünïcode ☃", "list": [1, 2.5, None, True, {"deep": [[], {}]}], "big": 2 ** 70, "neg": -0.001, "quote": "\"'\\"}
text = json.dumps(data)
back = json.loads(text)
print(back == data, json.dumps(back) == text, list(back) == list(data), json.loads(json.dumps(data, indent=4)) == data)
print(text)

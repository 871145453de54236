import json

for v in (None, True, False, 1, -1.5, "text", [], [1, "a", None], {}, {"k": [1, {"n": 2}]}, (1, 2), 1e20, 10 ** 20, 0.1, "é \" \\ \n \t / \u0001 😀"):
    print(json.dumps(v))
print(json.dumps({1: "int key", None: "n", True: "t", 1.5: "f"}), json.dumps("é😀", ensure_ascii=False), json.dumps(float("inf")), json.dumps(float("nan")))

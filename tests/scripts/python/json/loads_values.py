import json

for text in ("null", "true", " [1, 2.5, -3e2] ", '{"a": {"b": []}}', '"\\u00e9\\n\\ud83d\\ude00\\/"', "12345678901234567890", "1E5", "-0", "-0.0", '{"k": 1, "k": 2}', "[]", "NaN", "-Infinity"):
    v = json.loads(text)
    print(repr(v), type(v).__name__)
print(json.loads(b'{"bytes": 1}'))

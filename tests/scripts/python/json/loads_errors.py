import json

for text in ("", "{", "[1, 2", '{"a" 1}', "{'a': 1}", "nul", '"open', "1 2", "{1: 2}", '{"a": }', '"\\x"', "[1 2]", "\n\n  oops"):
    try:
        print(json.loads(text))
    except json.JSONDecodeError as e:
        print(repr(text), "->", e, isinstance(e, ValueError), e.pos, e.lineno, e.colno)

def f(x):
    match x:
        case {"type": "circle", "r": r}:
            return f"circle {r}"
        case {"type": "rect", "size": [w, h]}:
            return f"rect {w}x{h}"
        case {"type": str(t), **rest}:
            return f"{t} {rest}"
        case {1: one}:
            return f"int key {one}"
        case {}:
            return "some mapping"
        case _:
            return "not a mapping"

for v in ({"type": "circle", "r": 2, "extra": 0}, {"type": "rect", "size": (3, 4)}, {"type": "dot", "x": 1}, {1: "v"}, {}, {"type": 5}, [("type", "circle")]):
    print(f(v))

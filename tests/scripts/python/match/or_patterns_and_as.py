def f(x):
    match x:
        case (1 | 2 | 3) as small:
            return f"small {small}"
        case [("a" | "b") as letter, (int() | float()) as number]:
            return f"{letter}={number}"
        case {"k": [1, *_] as items}:
            return f"items {items}"
        case ("yes" | "y") | ("no" | "n"):
            return "answer"
        case _ as rest:
            return f"rest {rest}"

for v in (2, ["a", 5], ["b", 1.5], ["c", 1], {"k": [1, 2]}, "y", "maybe"):
    print(f(v))

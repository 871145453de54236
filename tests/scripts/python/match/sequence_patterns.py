def f(x):
    match x:
        case []:
            return "empty"
        case [one]:
            return f"one {one}"
        case [1, 2]:
            return "exactly 1 2"
        case (a, b):
            return f"pair {a} {b}"
        case [first, *_, last] if first == last:
            return f"same ends {first}"
        case ["go", direction, *rest]:
            return f"go {direction} {rest}"
        case [[x, y], *others]:
            return f"nested {x} {y} {others}"
        case [first, *rest]:
            return f"many {first} {rest}"
        case str():
            return "strings are not sequences here"
        case _:
            return "no match"

for v in ([], [9], (1, 2), [3, 4], [5, 6, 5], ["go", "north", 1], [[1, 2], 3, 4], range(3), "ab", {1, 2}, 5, (7,)):
    print(f(v))

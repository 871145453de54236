"""Every form of pattern and of subject."""
match x:
    case 1: pass
    case -1: pass
    case 1 + 2j | -1.5 - 2j: pass
    case "a" "b" | b'c': pass
    case None | True | False: pass
    case a.b.c: pass
    case (1): pass
    case (): pass
    case (a,): pass
    case []: pass
    case [a]: pass
    case [a, b, *rest]: pass
    case (a, *_, b): pass
    case a, b: pass
    case a,: pass
    case *a, b: pass
    case {}: pass
    case {"a": 1, -1: b, a.b: c, None: d, **rest}: pass
    case {"a": [b, {"c": d}]}: pass
    case A(): pass
    case a.B(1, c, x=2, y=[z],): pass
    case 1 | 2 as x if x > 1: pass
    case [1 as a, (2 | 3) as b]: pass
    case x if (y := x): pass
    case _: pass
match x, y:
    case _: pass
match *x, y:
    case match: pass
match (x):
    case case:
        match case:
            case _: pass
match -x:
    case _: pass
match not x:
    case _: pass
match [a, b]:
    case _: pass
match {a: b}[a](c):
    case _: pass
match x := y:
    case type(): pass
match lambda: x:
    case "a": pass

def tree(e):
    if isinstance(e, BaseExceptionGroup):
        return (type(e).__name__, e.message, [tree(x) for x in e.exceptions])
    return repr(e)


eg = ExceptionGroup("g", [ValueError("a"), ExceptionGroup("inner", [TypeError("b"), ValueError("c")]), OSError("e")])
print(eg, "|", repr(eg), eg.message, len(eg.exceptions), eg.args[0], type(eg.exceptions).__name__)
print(ExceptionGroup.__mro__, BaseExceptionGroup.__bases__, ExceptionGroup.__bases__)
print(isinstance(eg, Exception), isinstance(eg, BaseExceptionGroup), issubclass(ExceptionGroup, Exception))
for condition in (ValueError, (TypeError, OSError), lambda e: isinstance(e, ValueError) and str(e) == "c", KeyError, ExceptionGroup, lambda e: True):
    match, rest = eg.split(condition)
    print(match and tree(match), rest and tree(rest))
    part = eg.subgroup(condition)
    print(part and tree(part), part is eg)
match, rest = eg.split(ValueError)
print(match.exceptions[0] is eg.exceptions[0], rest.exceptions[1] is eg.exceptions[2])
for bad in (5, "x", None, int, (ValueError, int)):
    for method in (eg.split, eg.subgroup):
        try:
            method(bad)
        except TypeError as e:
            print(e)
print(tree(eg.derive([KeyError(1)])), tree(eg.derive([KeyboardInterrupt()])))
for args in ((), ("m",), ("m", [], 3), (5, [ValueError()]), ("m", []), ("m", 5), ("m", [1]), ("m", [ValueError(), "x"]), ("m", {ValueError()}), ("m", ValueError())):
    for cls in (ExceptionGroup, BaseExceptionGroup):
        try:
            print(cls(*args))
        except (TypeError, ValueError) as e:
            print(type(e).__name__, e)
try:
    ExceptionGroup("m", [KeyboardInterrupt()])
except TypeError as e:
    print(e)
print(type(BaseExceptionGroup("m", [ValueError()])).__name__, type(BaseExceptionGroup("m", (KeyboardInterrupt(),))).__name__)


class Tagged(ExceptionGroup):
    def __new__(cls, message, errors, tag=None):
        made = super().__new__(cls, message, errors)
        made.tag = tag
        return made

    def __init__(self, message, errors, tag=None):
        pass

    def derive(self, errors):
        return Tagged(self.message, errors, self.tag)


t = Tagged("t", [ValueError(1), TypeError(2)], tag="blue")
match, rest = t.split(ValueError)
print(type(match).__name__, match.tag, tree(match), rest.tag, str(t))


class Plain(ExceptionGroup):
    pass


p = Plain("p", [ValueError(1), TypeError(2)])
print(type(p.split(ValueError)[0]).__name__, repr(p))
try:
    Plain("p", [SystemExit()])
except TypeError as e:
    print(e)
p.add_note("a note")
cause = KeyError("cause")
try:
    raise p from cause
except Plain as e:
    part = e.subgroup(TypeError)
    print(part.__notes__, part.__cause__ is cause, part.__notes__ is not p.__notes__)
errors = [ValueError(1)]
held = ExceptionGroup("held", errors)
errors.append(TypeError(2))
print(len(held.exceptions), held)
try:
    held.message = "new"
except AttributeError as e:
    print("read-only")

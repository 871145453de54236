# Output, and protocols of objects that natives ask for.


def _any_class(value, classes, hook):
    for cls in classes:
        if _special(cls, hook)(cls, value):
            return True
    return False


def _divmod(left, right):
    method = _special(left, "__divmod__")
    if method is not None:
        result = method(left, right)
        if result is not NotImplemented:
            return result
    method = _special(right, "__rdivmod__")
    if method is not None:
        result = method(right, left)
        if result is not NotImplemented:
            return result
    names = f"'{type(left).__name__}' and '{type(right).__name__}'"
    raise TypeError(f"unsupported operand type(s) for divmod(): {names}")


def _print(values, sep, end, flush):
    parts = []
    try:
        for value in values:
            parts.append(str(value))
    except BaseException:
        # What was printed before the failure is seen, as with one write per part.
        if parts:
            _write(sep.join(parts) + sep, False)
        raise
    _write(sep.join(parts) + end, flush)


def _print_joined(file, values, sep, end, flush):
    # One write: lines of parallel tasks are not torn.
    file.write(sep.join([str(value) for value in values]) + end)
    if flush:
        file.flush()


def _print_to(file, values, sep, end, flush):
    first = True
    for value in values:
        if not first:
            file.write(sep)
        first = False
        file.write(str(value))
    file.write(end)
    if flush:
        file.flush()


class UnionType:
    # What `int | str` is: for annotations and isinstance.
    __module__ = "types"

    def __or__(self, other):
        return _make_union(self, other)

    def __ror__(self, other):
        return _make_union(other, self)

    def __eq__(self, other):
        if not isinstance(other, UnionType):
            return NotImplemented
        return set(self.__args__) == set(other.__args__)

    def __hash__(self):
        return hash(frozenset(self.__args__))

    def __repr__(self):
        return " | ".join([_type_text(arg) for arg in self.__args__])


def _type_text(cls):
    if cls is type(None):
        return "None"
    if cls.__module__ == "builtins":
        return cls.__qualname__
    return f"{cls.__module__}.{cls.__qualname__}"


def _make_union(left, right):
    args = []
    for part in (left, right):
        for arg in part.__args__ if isinstance(part, UnionType) else (part,):
            if arg is None:
                arg = type(None)
            if not isinstance(arg, type):
                names = f"'{type(left).__name__}' and '{type(right).__name__}'"
                raise TypeError(f"unsupported operand type(s) for |: {names}")
            if arg not in args:
                args.append(arg)
    if len(args) == 1:
        return args[0]
    union = UnionType()
    union.__args__ = tuple(args)
    return union

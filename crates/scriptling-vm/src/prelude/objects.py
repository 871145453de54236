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
    _write(sep.join([str(value) for value in values]) + end, flush)


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

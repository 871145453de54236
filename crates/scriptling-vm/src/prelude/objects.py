# Calls, output, and the protocols of objects.


def _call(function, args, keywords):
    return function(*args, **keywords)


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


def _match_key(mapping, key):
    # The value in a tuple, or None: `match` must not call __missing__.
    if isinstance(mapping, dict):
        return (mapping[key],) if key in mapping else None
    missing = object()
    value = mapping.get(key, missing)
    return None if value is missing else (value,)


def _match_attributes(subject, names, first):
    values = list(first)
    for name in names:
        try:
            values.append(getattr(subject, name))
        except AttributeError:
            return None
    return tuple(values)

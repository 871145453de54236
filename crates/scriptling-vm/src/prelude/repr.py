# Text of containers whose elements have `__repr__`, `__str__` or `__format__` methods in the language.

def _repr_items(container, items, open, close, cycle):
    if not _repr_enter(container):
        return cycle
    try:
        return open + ', '.join([repr(item) for item in items]) + close
    finally:
        _repr_leave(container)


def _repr_pairs(container, keys, values):
    if not _repr_enter(container):
        return '{...}'
    try:
        parts = []
        for i in range(len(keys)):
            parts.append(repr(keys[i]) + ': ' + repr(values[i]))
        return '{' + ', '.join(parts) + '}'
    finally:
        _repr_leave(container)


# `template % mapping`, where the mapping is not a plain dict.
def _get_all(mapping, keys):
    return [mapping[key] for key in keys]


# What the fields of a `%` template need: one letter for each value.
def _convert_all(kinds, values):
    results = []
    for i in range(len(values)):
        kind = kinds[i]
        value = values[i]
        if kind == 's':
            results.append(str(value))
        elif kind == 'r':
            results.append(repr(value))
        elif kind == 'f':
            results.append(_percent_float(value))
        else:
            results.append(_percent_int(value, kind))
    return results


def _percent_float(value):
    cls = type(value)
    if not hasattr(cls, '__float__') and not hasattr(cls, '__index__'):
        raise TypeError('must be real number, not ' + cls.__name__)
    return float(value)


def _percent_int(value, kind):
    cls = type(value)
    if kind == 'x':
        if not hasattr(cls, '__index__'):
            raise TypeError('%x format: an integer is required, not ' + cls.__name__)
        return cls.__index__(value)
    if not hasattr(cls, '__int__') and not hasattr(cls, '__index__'):
        raise TypeError('%d format: a real number is required, not ' + cls.__name__)
    return int(value)


# `str.format` where some field needs the language. Pieces are strings and tuples
# (argument, path, conversion, spec pieces); a path is a tuple of (is_attribute, name).
def _str_format(pieces, args, keywords):
    parts = []
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(piece)
            continue
        argument, path, conversion, spec = piece
        value = args[argument] if isinstance(argument, int) else keywords[argument]
        for is_attribute, name in path:
            value = getattr(value, name) if is_attribute else value[name]
        if conversion == 'r':
            value = repr(value)
        elif conversion == 's':
            value = str(value)
        elif conversion == 'a':
            value = ascii(value)
        parts.append(format(value, _str_format(spec, args, keywords)))
    return ''.join(parts)


# `str.translate` with a table that is not a plain dict.
def _translate(text, table):
    parts = []
    for c in text:
        try:
            mapped = table[ord(c)]
        except LookupError:
            parts.append(c)
            continue
        if mapped is None:
            continue
        if isinstance(mapped, int):
            parts.append(chr(mapped))
        elif isinstance(mapped, str):
            parts.append(mapped)
        else:
            raise TypeError('character mapping must return integer, None or str')
    return ''.join(parts)

# What the run loop itself calls.


def _call(function, args, keywords):
    return function(*args, **keywords)


def _mapping_to_dict(mapping):
    result = {}
    for key in mapping.keys():
        result[key] = mapping[key]
    return result


def _match_key(mapping, key):
    # The value in a tuple, or None if the key is missing. Like CPython, `match` asks `get`, so that a defaultdict does not
    # make up a value.
    missing = object()
    value = mapping.get(key, missing)
    return None if value is missing else (value,)


def _match_attributes(subject, names, found):
    # The values of the named attributes behind those found already, or None if one is missing.
    values = list(found)
    for name in names:
        try:
            values.append(getattr(subject, name))
        except AttributeError:
            return None
    return tuple(values)

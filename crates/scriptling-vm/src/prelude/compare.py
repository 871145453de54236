# Comparing and hashing containers whose elements have `__eq__`, `__lt__` or `__hash__` methods in the language.
# Elements that are the same object count as equal. The containers may change while their elements compare.

def _eq_sequences(a, b, op):
    if len(a) != len(b):
        return False
    i = 0
    while i < len(a) and i < len(b):
        x = a[i]
        y = b[i]
        if not (x is y or x == y):
            return False
        i += 1
    return len(a) == len(b)


def _order_sequences(a, b, op):
    i = 0
    while i < len(a) and i < len(b):
        x = a[i]
        y = b[i]
        if not (x is y or x == y):
            return _ordered(x, y, op)
        i += 1
    return _ordered(len(a), len(b), op)


def _ordered(x, y, op):
    if op == '<':
        return x < y
    if op == '<=':
        return x <= y
    if op == '>':
        return x > y
    return x >= y


def _eq_dicts(a, b, op):
    if len(a) != len(b):
        return False
    missing = object()
    for key, x in list(a.items()):
        y = b.get(key, missing)
        if y is missing or not (x is y or x == y):
            return False
    return True


def _eq_slices(a, b, op):
    return (a.start, a.stop, a.step) == (b.start, b.stop, b.step)


def _compare_sets(a, b, op):
    if op == '!=':
        return not _compare_sets(a, b, '==')
    if op == '>' or op == '>=':
        a, b = b, a
        op = '<' if op == '>' else '<='
    if op == '==' and len(a) != len(b) or op == '<' and len(a) >= len(b) or len(a) > len(b):
        return False
    for item in list(a):
        if item not in b:
            return False
    return True


def _hash_elements(elements, ordered):
    return _combine_hashes([hash(element) for element in elements], ordered)

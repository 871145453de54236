# Containers whose keys or elements only the language can hash and compare.
#
# A table is searched by its candidates: the stored keys with the right hash. Comparing may run any code, so afterwards a
# stored key is addressed by identity, and may be gone.


def _find(table, key, key_hash):
    # A list that holds the stored key equal to `key`, or None.
    for stored in _candidates(table, key_hash):
        if stored is key or stored == key:
            return [stored]
    return None


def _has_key(table, key):
    return _find(table, key, hash(key)) is not None


def _dict_getitem(table, key):
    key_hash = hash(key)
    found = _find(table, key, key_hash)
    if found is None:
        raise KeyError(key)
    return _stored(table, key_hash, found[0])


def _dict_getitem_or_missing(table, key, receiver, missing):
    key_hash = hash(key)
    found = _find(table, key, key_hash)
    if found is None:
        return missing(receiver, key)
    return _stored(table, key_hash, found[0])


def _dict_get(table, key, default):
    key_hash = hash(key)
    found = _find(table, key, key_hash)
    if found is None:
        return default
    return _stored(table, key_hash, found[0])


def _dict_setitem(table, key, value):
    key_hash = hash(key)
    found = _find(table, key, key_hash)
    if found is None:
        _insert(table, key_hash, key, value)
    else:
        _replace(table, key_hash, found[0], value)


def _dict_setdefault(table, key, value):
    key_hash = hash(key)
    found = _find(table, key, key_hash)
    if found is not None:
        return _stored(table, key_hash, found[0])
    _insert(table, key_hash, key, value)
    return value


def _dict_delitem(table, key):
    key_hash = hash(key)
    found = _find(table, key, key_hash)
    if found is None:
        raise KeyError(key)
    _delete(table, key_hash, found[0])


def _dict_pop(table, key):
    key_hash = hash(key)
    found = _find(table, key, key_hash)
    if found is None:
        raise KeyError(key)
    return _delete(table, key_hash, found[0])


def _dict_pop_default(table, key, default):
    key_hash = hash(key)
    found = _find(table, key, key_hash)
    if found is None:
        return default
    return _delete(table, key_hash, found[0])


def _dict_update_mapping(table, mapping):
    for key in mapping.keys():
        table[key] = mapping[key]
    return table


def _dict_update_pairs(table, items, number):
    for item in items:
        pair = list(item)
        if len(pair) != 2:
            raise ValueError(f"dictionary update sequence element #{number} has length {len(pair)}; 2 is required")
        table[pair[0]] = pair[1]
        number += 1
    return table


def _dict_merge(table, mapping, function):
    for key in mapping.keys():
        if not isinstance(key, str):
            raise TypeError(f"{function} keywords must be strings")
        if key in table:
            raise TypeError(f"{function} got multiple values for keyword argument '{key}'")
        table[key] = mapping[key]
    return table


def _dict_set_all(table, keys, value):
    for key in keys:
        table[key] = value
    return table


def _dict_fromkeys(cls, iterable, value):
    result = cls()
    for key in iterable:
        result[key] = value
    return result


def _set_add(table, item):
    item_hash = hash(item)
    if _find(table, item, item_hash) is None:
        _insert(table, item_hash, item)


def _set_remove(table, item, strict):
    item_hash = hash(item)
    found = _find(table, item, item_hash)
    if found is not None:
        _delete(table, item_hash, found[0])
    elif strict:
        raise KeyError(item)


def _set_update(table, iterable):
    for item in iterable:
        table.add(item)
    return table


def _set_algebra(operator, left, right, frozen):
    if not isinstance(left, (set, frozenset)):
        left = set(left)
    if not isinstance(right, (set, frozenset)):
        right = set(right)
    result = set()
    if operator == "|":
        for item in left:
            result.add(item)
        for item in right:
            result.add(item)
    elif operator == "&":
        for item in left:
            if item in right:
                result.add(item)
    else:
        for item in left:
            if item not in right:
                result.add(item)
        if operator == "^":
            for item in right:
                if item not in left:
                    result.add(item)
    return _freeze(result) if frozen else result


def _set_algebra_in_place(operator, table, right):
    result = _set_algebra(operator, table, right, False)
    table.clear()
    for item in result:
        table.add(item)
    return table


def _contains(container, item):
    for candidate in container:
        if candidate is item or candidate == item:
            return True
    return False


def _sequence_index(sequence, value, start, stop):
    index = start
    while index < stop and index < len(sequence):
        item = sequence[index]
        if item is value or item == value:
            return index
        index += 1
    if isinstance(sequence, list):
        raise ValueError(f"{value!r} is not in list")
    raise ValueError("tuple.index(x): x not in tuple")


def _sequence_count(sequence, value):
    found = 0
    for item in sequence:
        if item is value or item == value:
            found += 1
    return found


def _list_remove(items, value):
    index = 0
    while index < len(items):
        item = items[index]
        if item is value or item == value:
            del items[index]
            return
        index += 1
    raise ValueError("list.remove(x): x not in list")


def _repeat(sequence, count, in_place):
    count = _index(count)
    if in_place:
        sequence *= count
        return sequence
    return sequence * count


def _plain(key):
    # An index or slice without instances: what __index__ says instead.
    if isinstance(key, slice):
        return slice(_plain_bound(key.start), _plain_bound(key.stop), _plain_bound(key.step))
    return _index(key)


def _plain_bound(bound):
    return None if bound is None else _index(bound)


def _get_plain(container, key):
    return container[_plain(key)]


def _set_plain(container, key, value):
    container[_plain(key)] = value


def _delete_plain(container, key):
    del container[_plain(key)]


def _slice_indices(key, length):
    return _plain(key).indices(length)


def _sort_by_key(items, key, reverse):
    values = items.copy()
    keys = [key(value) for value in values]
    order = _sort_order(keys, reverse)
    if order is None:
        order = _merge_order(keys, reverse)
    _list_assign(items, values, order)


def _sort_by_methods(items, reverse):
    values = items.copy()
    _list_assign(items, values, _merge_order(values, reverse))


def _merge_order(keys, reverse):
    # A stable merge sort of the positions by `<` of the keys.
    order = list(range(len(keys)))
    count = len(order)
    width = 1
    while width < count:
        merged = []
        start = 0
        while start < count:
            middle = min(start + width, count)
            end = min(middle + width, count)
            left = start
            right = middle
            while left < middle and right < end:
                first = keys[order[left]]
                second = keys[order[right]]
                if (first < second) if reverse else (second < first):
                    merged.append(order[right])
                    right += 1
                else:
                    merged.append(order[left])
                    left += 1
            merged.extend(order[left:middle])
            merged.extend(order[right:end])
            start = end
        order = merged
        width *= 2
    return order


def _sorted_list(iterable):
    return sorted(iterable)

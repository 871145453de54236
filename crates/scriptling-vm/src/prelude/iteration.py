# Iteration over what scripts define: generators and instances with __iter__ and __next__.


def _collect(iterable):
    return [item for item in iterable]


def _list_extend(items, iterable):
    for item in iterable:
        items.append(item)
    return items


def _unpack(iterable, count):
    items = []
    for item in iterable:
        if len(items) == count:
            raise ValueError(f"too many values to unpack (expected {count})")
        items.append(item)
    if len(items) < count:
        raise ValueError(f"not enough values to unpack (expected {count}, got {len(items)})")
    return items


def _sequence_iter(sequence):
    # The old protocol: __getitem__ with 0, 1, 2, ... until IndexError.
    index = 0
    while True:
        try:
            item = sequence[index]
        except (IndexError, StopIteration):
            return
        yield item
        index += 1


def _range_index(sequence, value):
    # What is no int may still be equal to one.
    index = 0
    for item in sequence:
        if item == value:
            return index
        index += 1
    raise ValueError('sequence.index(x): x not in sequence')


def _reversed(sequence, length):
    index = length - 1
    while index >= 0:
        yield sequence[index]
        index -= 1


# From here to `_filter_true`: what scripts see as iterators of types of their own (`heap::generator`). All that they have to
# remember is in their parameters.


def _call_until(function, sentinel):
    while True:
        item = function()
        if item is sentinel or item == sentinel:
            return
        yield item


def _enumerate(iterator, count):
    for item in iterator:
        yield (count, item)
        count += 1


def _make_zip(iterables, strict):
    iterators = [iter(iterable) for iterable in iterables]
    if strict:
        return _zip_strict(iterators)
    if len(iterators) == 2:
        return _zip_two(iterators[0], iterators[1])
    return _zip(iterators)


def _zip_two(left, right):
    for first in left:
        for second in right:
            break
        else:
            return
        yield (first, second)


def _zip(iterators):
    while True:
        items = []
        for iterator in iterators:
            for item in iterator:
                items.append(item)
                break
            else:
                return
        yield tuple(items)


def _zip_strict(iterators):
    while True:
        items = []
        for iterator in iterators:
            for item in iterator:
                items.append(item)
                break
            else:
                number = len(items) + 1
                if number > 1:
                    raise ValueError(_zip_message(number, "shorter"))
                for iterator in iterators[1:]:
                    number += 1
                    for item in iterator:
                        raise ValueError(_zip_message(number, "longer"))
                return
        yield tuple(items)


def _zip_message(number, how):
    others = "argument 1" if number == 2 else f"arguments 1-{number - 1}"
    return f"zip() argument {number} is {how} than {others}"


def _map(function, iterator):
    for item in iterator:
        yield function(item)


def _make_map(function, iterables):
    return _map_many(function, [iter(iterable) for iterable in iterables])


def _map_many(function, iterators):
    while True:
        items = []
        for iterator in iterators:
            for item in iterator:
                items.append(item)
                break
            else:
                return
        yield function(*items)


def _filter(iterator, function):
    for item in iterator:
        if function(item):
            yield item


def _filter_true(iterator, function):
    for item in iterator:
        if item:
            yield item


def _sum(iterable, total):
    for item in iterable:
        total = total + item
    return total


def _sum_rest(total, item, iterator):
    total = total + item
    for item in iterator:
        total = total + item
    return total


def _any(iterable):
    for item in iterable:
        if item:
            return True
    return False


def _any_rest(item, iterator):
    if item:
        return True
    for item in iterator:
        if item:
            return True
    return False


def _all(iterable):
    for item in iterable:
        if not item:
            return False
    return True


def _all_rest(item, iterator):
    if not item:
        return False
    for item in iterator:
        if not item:
            return False
    return True


def _extreme(iterable, key, largest, empty_is_an_error, default):
    found = False
    best = best_key = None
    for item in iterable:
        item_key = item if key is None else key(item)
        if not found:
            found = True
            best = item
            best_key = item_key
        elif largest:
            if item_key > best_key:
                best = item
                best_key = item_key
        elif item_key < best_key:
            best = item
            best_key = item_key
    if found:
        return best
    if empty_is_an_error:
        raise ValueError("max() arg is an empty sequence" if largest else "min() arg is an empty sequence")
    return default


def _extreme_rest(best, item, iterator, largest):
    if largest:
        if item > best:
            best = item
        for item in iterator:
            if item > best:
                best = item
    else:
        if item < best:
            best = item
        for item in iterator:
            if item < best:
                best = item
    return best

# Exception groups, and what `except*` does with them.


def _group_matches(error, condition):
    if isinstance(condition, (type, tuple)):
        return isinstance(error, condition)
    return bool(condition(error))


def _group_check(condition):
    if isinstance(condition, type) and issubclass(condition, BaseException):
        return
    if isinstance(condition, tuple):
        for choice in condition:
            if not (isinstance(choice, type) and issubclass(choice, BaseException)):
                break
        else:
            return
    elif callable(condition) and not isinstance(condition, type):
        return
    raise TypeError('expected a function, exception type or tuple of exception types')


def _group_like(group, errors):
    # A group with the same message and history over some of the exceptions.
    if not errors:
        return None
    part = group.derive(errors)
    if not isinstance(part, BaseExceptionGroup):
        raise TypeError('derive must return an instance of BaseExceptionGroup')
    _copy_history(group, part)
    return part


def _group_parts(group, condition):
    if _group_matches(group, condition):
        return group, None
    matching = []
    others = []
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            match, rest = _group_parts(error, condition)
            if match is not None:
                matching.append(match)
            if rest is not None:
                others.append(rest)
        elif _group_matches(error, condition):
            matching.append(error)
        else:
            others.append(error)
    return _group_like(group, matching), _group_like(group, others)


def _group_split(group, condition):
    _group_check(condition)
    return _group_parts(group, condition)


def _group_subgroup(group, condition):
    _group_check(condition)
    return _group_part(group, condition)


def _group_part(group, condition):
    if _group_matches(group, condition):
        return group
    matching = []
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            match = _group_part(error, condition)
            if match is not None:
                matching.append(match)
        elif _group_matches(error, condition):
            matching.append(error)
    return _group_like(group, matching)


# `except*` keeps a list: what was raised, what of it no clause has taken yet, what the clauses were given, what they raised.
def _star_begin(error):
    return [error, error, [], []]


def _star_match(state, types):
    for choice in types if isinstance(types, tuple) else (types,):
        if not (isinstance(choice, type) and issubclass(choice, BaseException)):
            raise TypeError('catching classes that do not inherit from BaseException is not allowed')
        if issubclass(choice, BaseExceptionGroup):
            raise TypeError('catching ExceptionGroup with except* is not allowed. Use except instead.')
    rest = state[1]
    if rest is None:
        return None
    if isinstance(rest, BaseExceptionGroup):
        match, state[1] = rest.split(types)
    elif isinstance(rest, types):
        match = BaseExceptionGroup('', [rest])
        state[1] = None
    else:
        match = None
    if match is not None:
        state[2].append(match)
    return match


def _star_add(error, state):
    state[3].append(error)


def _star_end(state):
    # What goes on being raised, or None.
    original, rest, given, raised = state
    if not isinstance(original, BaseExceptionGroup):
        return raised[0] if raised else rest
    new = []
    again = []
    for error in raised:
        for match in given:
            if error is match:
                again.append(error)
                break
        else:
            new.append(error)
    if rest is not None:
        again.append(rest)
    if again:
        # What the clauses passed on is put together as it was in the original.
        kept = []
        for error in again:
            _group_leaves(error, kept)
        again = [_group_part(original, lambda error: _contains_identity(kept, error))]
    new.extend(again)
    if len(new) > 1:
        return BaseExceptionGroup('', new)
    return new[0] if new else None


def _group_leaves(error, leaves):
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            _group_leaves(part, leaves)
    else:
        leaves.append(error)


def _contains_identity(values, value):
    for candidate in values:
        if candidate is value:
            return True
    return False

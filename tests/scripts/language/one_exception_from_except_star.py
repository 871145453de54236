# A single exception that a body of except* raises is not wrapped in a group (as in CPython 3.12; early 3.11 wraps it).
try:
    try:
        raise ExceptionGroup("all", [ValueError(1)])
    except* ValueError:
        raise KeyError("only")
except KeyError as e:
    print(repr(e), repr(e.__context__))
# expect: KeyError('only') ExceptionGroup('all', [ValueError(1)])

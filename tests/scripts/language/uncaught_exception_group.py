# An uncaught group is shown with its parts, nested ones indented further.
def make(error):  # expect stderr: + Exception Group Traceback (most recent call last):
    try:
        raise error
    except Exception as caught:
        return caught
inner = ExceptionGroup("inner", [TypeError("b"), make(KeyError("c"))])
raise ExceptionGroup("several", [ValueError("a"), inner])
# expect stderr:   | ExceptionGroup: several (2 sub-exceptions)
# expect stderr:   +-+---------------- 1 ----------------
# expect stderr:     | ValueError: a
# expect stderr:     +---------------- 2 ----------------
# expect stderr:     | ExceptionGroup: inner (2 sub-exceptions)
# expect stderr:     +-+---------------- 1 ----------------
# expect stderr:       | TypeError: b
# expect stderr:       +---------------- 2 ----------------
# expect stderr:       | Traceback (most recent call last):
# expect stderr:       | KeyError: 'c'
# expect stderr:       +------------------------------------
# expect exit: 1

# flags: --seconds 1
while True:
    try:
        while True:
            pass
    except Exception:
        pass
# expect exit: 1
# expect stderr: TimeLimitExceeded: ...

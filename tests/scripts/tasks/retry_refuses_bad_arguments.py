import scriptling.runtime as runtime

def attempt(*args, **kwargs):
    try:
        runtime.retry(*args, **kwargs)
    except (TypeError, ValueError) as e:
        print(type(e).__name__ + ":", e)

attempt(5)  # expect: TypeError: handler is not a function: fn (int)
attempt(int, attempts=0)  # expect: ValueError: attempts must be at least 1
attempt(int, attempts="3")  # expect: TypeError: attempts must be an int, not str
attempt(int, backoff=-1)  # expect: ValueError: backoff must not be negative
attempt(int, max_backoff="x")  # expect: TypeError: max_backoff must be a number of seconds or None, not str

import scriptling.runtime as runtime

def attempt(fn, *args, **kwargs):
    try:
        fn(*args, **kwargs)
    except (TypeError, ValueError, NameError) as e:
        print(type(e).__name__ + ":", e)

attempt(runtime.every, 0, print)  # expect: ValueError: every() seconds must be more than 0
attempt(runtime.every, None, print)  # expect: ValueError: every() seconds must be more than 0
attempt(runtime.every, "x", print)  # expect: TypeError: every() seconds must be a number of seconds or None, not str
attempt(runtime.every, 1, 5)  # expect: TypeError: handler is not a function: handler (int)
attempt(runtime.every, 1, "nothing")  # expect: NameError: function not found: nothing
attempt(runtime.every, 1, print, jitter=2)  # expect: ValueError: jitter must be less than the seconds between two runs
attempt(runtime.every, 1, print, max_overlap=0)  # expect: ValueError: max_overlap must be at least 1
attempt(runtime.every, 1, print, name=5)  # expect: TypeError: name must be a string, not int
attempt(runtime.cron, "* * *", print)
# expect: ValueError: cron expression '* * *': expected 5 fields (minute, hour, day of month, month, day of week), found 3
attempt(runtime.cron, "61 * * * *", print)
# expect: ValueError: cron expression '61 * * * *': minute: 61 is not between 0 and 59
attempt(runtime.cron, "* * * * monday", print)
# expect: ValueError: cron expression '* * * * monday': day of week: 'monday' is no number or name
attempt(runtime.cron, 5, print)  # expect: TypeError: cron() expression must be a string, not int

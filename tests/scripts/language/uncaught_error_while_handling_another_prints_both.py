try:
    1 / 0
except ZeroDivisionError:
    [].pop()  # expect raises: IndexError: pop from empty list
# expect stderr: ZeroDivisionError: division by zero
# expect stderr: During handling of the above exception, another exception occurred:
# expect stderr: IndexError: pop from empty list

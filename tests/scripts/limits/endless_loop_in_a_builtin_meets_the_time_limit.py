# flags: --seconds 1
def forever():
    while True:
        yield 1

print("summing")  # expect: summing
sum(forever())
# expect exit: 1
# expect stderr: TimeLimitExceeded: ...

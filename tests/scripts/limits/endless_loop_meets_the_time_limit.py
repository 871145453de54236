# flags: --seconds 1
print("looping")  # expect: looping
while True:
    pass
# expect exit: 1
# expect stderr: TimeLimitExceeded: ...

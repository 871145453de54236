# flags: --seconds 1
import scriptling.runtime.sync as sync

print("waiting")  # expect: waiting
sync.Queue("nothing comes").get()
# expect exit: 1
# expect stderr: TimeLimitExceeded: ...

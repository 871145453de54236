# flags: --seconds 1
import scriptling.runtime.sync as sync

print("waiting")  # expect: waiting
sync.Queue("nothing comes").get(timeout=3600)
# expect exit: 1
# expect stderr: TimeLimitExceeded: ...

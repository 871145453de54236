# Each turn found the next one due and took it at once, until the stack was full.
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

ticks = runtime.every(1e-9, sync.Queue("ticks").put, 1)
print([sync.Queue("ticks").get() for _ in range(3)])  # expect: [1, 1, 1]
print(ticks.cancel(), ticks.skipped > 0)  # expect: True True
while runtime.tasks()[1:]:
    pass

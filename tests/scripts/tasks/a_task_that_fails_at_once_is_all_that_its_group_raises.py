# A task that fails while the block is starting others ends the block, and is all that the group raises.
import scriptling.runtime as runtime


def fail():
    raise ValueError("the failure")


others = 0
for n in range(400):
    try:
        with runtime.TaskGroup() as tg:
            for _ in range(20):
                tg.run(fail)
    except* ValueError:
        pass
    except* Exception as e:
        others += 1
print(others)  # expect: 0

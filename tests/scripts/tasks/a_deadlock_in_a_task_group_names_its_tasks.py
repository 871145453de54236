import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def stuck():
    sync.Queue("never").get()

with runtime.TaskGroup() as tg:
    tg.background("one", stuck)
    tg.background("two", stuck)
# expect exit: 3
# expect stderr: Task 'main' waits for its task group: 'one', 'two'
# expect stderr: Task 'one' waits for queue 'never' (get)
# expect stderr: Task 'two' waits for queue 'never' (get)

# expect exit: 3
# A task waits if all its fibers do.
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync


def stuck():
    sync.Queue("never").get()


runtime.background("stuck", stuck, shared=True).get()
# expect stderr: deadlock: every task waits for another one
# expect stderr: Task 'main' waits for
# expect stderr: in stuck

import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def left():
    return right_promise().get()

def right_promise():
    return sync.Queue("promises").get()

def right(other):
    return other.get()

a = runtime.background("left", left)
b = runtime.background("right", right, a)
sync.Queue("promises").put(b)
try:
    a.get()
finally:
    print("finally runs")  # expect: finally runs
print("never")
# expect exit: 3
# expect stderr: scriptling: deadlock: every task waits for another one
# expect stderr: Task 'main' waits for task 'left'
# expect stderr: Traceback (most recent call last):
# expect stderr: in <module>
# expect stderr: Task 'left' waits for task 'right'
# expect stderr: in left
# expect stderr: Task 'right' waits for task 'left'
# expect stderr: in right

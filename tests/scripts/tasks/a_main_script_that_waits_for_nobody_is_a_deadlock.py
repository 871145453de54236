import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

print("before")  # expect: before
sync.Queue("nobody puts here").get()
# expect exit: 3
# expect stderr: Task 'main' waits for queue 'nobody puts here' (get)

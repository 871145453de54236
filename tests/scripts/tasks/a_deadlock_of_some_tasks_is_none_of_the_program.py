import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def stuck():
    sync.Queue("never").get()

for _ in range(3):
    runtime.run(stuck)
runtime.sleep(0.02)
print("main goes on")  # expect: main goes on
# expect stderr: 3 tasks were cancelled at the end of the program: 'stuck', 'stuck', 'stuck'

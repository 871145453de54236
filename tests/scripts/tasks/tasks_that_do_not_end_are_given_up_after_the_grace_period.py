# flags: --grace 0
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def stubborn():
    while True:
        try:
            sync.Queue("ready").put(1)
            sync.Queue("never").get()
        except BaseException:
            pass

runtime.background("stubborn", stubborn)
sync.Queue("ready").get()
print("end")  # expect: end
# expect stderr: scriptling: 1 task was cancelled at the end of the program: 'stubborn'

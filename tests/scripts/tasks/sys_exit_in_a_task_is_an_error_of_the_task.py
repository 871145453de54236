import scriptling.runtime as runtime
import sys

def leave(how):
    sys.exit(how)

for how in [3, None, "a reason"]:
    try:
        runtime.background("leaver", leave, how).get()
    except RuntimeError as e:
        print(e)
# expect: task 'leaver' called sys.exit(3): only the main script can end the program
# expect: task 'leaver' called sys.exit(): only the main script can end the program
# expect: task 'leaver' called sys.exit(a reason): only the main script can end the program

print("main goes on")  # expect: main goes on

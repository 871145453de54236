import scriptling.runtime as runtime

def fail():
    raise ValueError("still unseen")

runtime.wait_any([runtime.background("doomed", fail)])
print("end")  # expect: end
# expect stderr: Exception in task 'doomed':
# expect stderr: ValueError: still unseen

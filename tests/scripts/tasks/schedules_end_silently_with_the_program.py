import scriptling.runtime as runtime

def never():
    print("never")

runtime.every(3600, never)
runtime.cron("0 0 1 1 *", never)
print("end")  # expect: end

import scriptling.runtime as runtime

def job():
    return __name__

print(runtime.run(job).get())  # expect: __main__

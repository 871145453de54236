import scriptling.runtime as runtime

def job():
    import math
    from tasklib import double
    return math.isqrt(17), double(4)

print(runtime.run(job).get())  # expect: (4, 8)

import scriptling.runtime as runtime

def down(n):
    return down(n + 1)

try:
    runtime.run(down, 0).get()
except RecursionError:
    print("RecursionError")  # expect: RecursionError

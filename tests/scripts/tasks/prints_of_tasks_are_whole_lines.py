import scriptling.runtime as runtime

def noisy(n):
    for i in range(3):
        print("line", "of", "several", "parts")

for p in [runtime.run(noisy, n) for n in range(4)]:
    p.wait()
# expect: line of several parts
# expect: line of several parts
# expect: line of several parts
# expect: line of several parts
# expect: line of several parts
# expect: line of several parts
# expect: line of several parts
# expect: line of several parts
# expect: line of several parts
# expect: line of several parts
# expect: line of several parts
# expect: line of several parts

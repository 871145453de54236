# One print call is one write, also when its text has several lines.
import scriptling.runtime as runtime

def block():
    print("first\nsecond", "third", sep="\n")

for p in [runtime.run(block) for _ in range(2)]:
    p.wait()
# expect: first
# expect: second
# expect: third
# expect: first
# expect: second
# expect: third

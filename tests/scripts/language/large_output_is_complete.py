# args: 20000
import sys

n = int(sys.argv[1])
text = "".join(str(i % 10) for i in range(n))
print(len(text), text[-5:])  # expect: 20000 56789

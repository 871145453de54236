import sys

print("out")  # expect: out
sys.exit("something is wrong")  # expect exit: 1
# expect stderr: something is wrong

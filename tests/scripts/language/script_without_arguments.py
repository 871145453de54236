import sys

print(len(sys.argv))  # expect: 1

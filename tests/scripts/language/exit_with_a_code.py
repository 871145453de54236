import sys

print("leaving")  # expect: leaving
sys.exit(3)  # expect exit: 3
print("never")

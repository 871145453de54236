import sys

print("leaving")  # expect: leaving
sys.exit()  # expect exit: 0

import sys

print("to out")  # expect: to out
print("to err", file=sys.stderr)  # expect stderr: to err
sys.stdout.write("written\n")  # expect: written
sys.stderr.write("also err\n")  # expect stderr: also err

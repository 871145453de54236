# args: first --second=2 third
import sys

print(sys.argv[1:], len(sys.argv))  # expect: ['first', '--second=2', 'third'] 4
print(sys.argv[0].endswith("script_sees_its_arguments.py"))  # expect: True

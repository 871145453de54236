import sys

for arg in (7, None, "text"):
    try:
        sys.exit(arg)
    except SystemExit as e:
        print(repr(e.code))
# expect: 7
# expect: None
# expect: 'text'

# error: 4:1: TabError: inconsistent use of tabs and spaces in indentation
if x:
        a
	b

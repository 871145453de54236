for i in range(3):
    print("line", i)
# expect: line 0
# expect: line 1
# expect: line 2
raise RuntimeError("after output")  # expect raises: RuntimeError: after output

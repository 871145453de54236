def down():
    down()  # expect raises: RecursionError: maximum recursion depth exceeded...

down()

# error: 3:7: SyntaxError: 'yield' inside list comprehension
def f():
    [(yield x) for x in y]

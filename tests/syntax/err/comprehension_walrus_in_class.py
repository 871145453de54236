# error: 3:7: SyntaxError: assignment expression within a comprehension cannot be used in a class body
class A:
    [(a := b) for b in c]

def risky(n):
    return 10 // n  # expect raises: ZeroDivisionError: integer division or modulo by zero

print("before")  # expect: before
print(risky(5))  # expect: 2
print(risky(0))
print("never")

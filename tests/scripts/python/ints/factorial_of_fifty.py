def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)

print(factorial(20))
print(factorial(21))
print(factorial(50))
print(factorial(50) // factorial(48), len(str(factorial(200))))

def down(n):
    return down(n + 1)

try:
    down(0)
except RecursionError as e:
    print("caught", type(e).__name__)  # expect: caught RecursionError
print(sum(range(10)))  # expect: 45

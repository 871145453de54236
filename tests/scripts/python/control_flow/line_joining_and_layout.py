total = 1 + \
    2 + \
    3
items = [
    1,
    2,  # comment inside

    3,
]
value = (total
         + sum(items)
    )
if (total == 6 and
        value == 12):
    print("joined", total, value)
x = 1; y = 2
if x:
        print("deep indent")
        if y:
         print("odd indent")
# comment at column zero inside nothing
print(x,
      y)
def f(
    a,
    b=2,
):
    return a + b
print(f(
    1,
))

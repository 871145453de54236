import sys

print(1, "two", None, sep=", ", end="!\n")
print()
print("a", "b", sep="")
print("no newline", end="")
print(" continued")
print(*range(3), sep="\n", end="\n--\n")
print("to stdout", file=sys.stdout, flush=True)
print("default", sep=None, end=None)
for bad in ({"sep": 1}, {"end": 2}):
    try:
        print("x", **bad)
    except TypeError as e:
        print(e)

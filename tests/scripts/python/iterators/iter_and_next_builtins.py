it = iter([1, 2])
print(next(it), next(it), next(it, None), next(it, "default"), iter(it) is it)
try:
    next(it)
except StopIteration:
    print("StopIteration")
values = [1, 2, 3, 0, 4]
print(list(iter(lambda: values.pop(0), 0)), values)
print(type(iter([])).__name__, type(iter("")).__name__, type(iter({})).__name__, type(iter(())).__name__, type(iter(range(1))).__name__)

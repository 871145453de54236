class A: pass
class B(A): pass

print(isinstance(B(), (int, A)), isinstance(1, (str, (float, int))), issubclass(B, (int, A)), isinstance(True, int), isinstance(None, type(None)), isinstance(A, type))
print(isinstance(1, int | str), issubclass(bool, int))
try:
    issubclass(1, int)
except TypeError as e:
    print(e)

def double(x):
    return x * 2

def apply(f, *args, **kw):
    return f(*args, **kw)

table = {"double": double, "neg": lambda x: -x, "len": len}
print(apply(double, 4), [table[k]([1, 2] if k == "len" else 3) for k in table], apply(sorted, [3, 1], reverse=True))
double.note = "attributes work"
print(double.note, double.__name__, callable(double), double == double, double.__dict__)
alias = double
print(alias is double, alias.__name__, alias.__qualname__)

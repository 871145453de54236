def f(*args, **kw):
    return len(args), sum(args), len(kw)

print(f(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, *range(300), a=1, b=2, **{f"k{i}": i for i in range(300)}))
print(max(*range(1000)), "{}{}".format(*"ab"), len([*range(300), *range(300)]), print(*[], sep=""))

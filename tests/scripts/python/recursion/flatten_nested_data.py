def flatten(x):
    for item in x:
        if isinstance(item, (list, tuple)):
            yield from flatten(item)
        else:
            yield item

def depth(x):
    return 1 + max((depth(i) for i in x), default=0) if isinstance(x, list) else 0

data = [1, [2, (3, [4, []]), 5], [[[6]]]]
print(list(flatten(data)), depth(data), depth([]))

class Config:
    values = []
    for i in range(3):
        values.append(i * i)
    if len(values) > 2:
        mode = "big"
    else:
        mode = "small"

    def helper(n):
        return n + 100

    computed = helper(1)
    del i

print(Config.values, Config.mode, Config.computed, hasattr(Config, "i"))

import scriptling.runtime as runtime

def total(lo, hi):
    if hi - lo <= 8:
        return sum(range(lo, hi))
    mid = (lo + hi) // 2
    left = runtime.run(total, lo, mid)
    return total(mid, hi) + left.get()

print(runtime.run(total, 0, 500).get())  # expect: 124750

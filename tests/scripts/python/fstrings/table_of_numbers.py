rows = [("apple", 3, 1.25), ("watermelon", 12, 0.5), ("fig", 100, 12.3456)]
print(f"{'item':<12}|{'qty':>5}|{'price':>9}")
print(f"{'-' * 12}+{'-' * 5}+{'-' * 9}")
for name, qty, price in rows:
    print(f"{name:<12}|{qty:>5}|{price:>9.2f}")
print(f"{'total':<12}|{sum(r[1] for r in rows):>5}|{sum(r[1] * r[2] for r in rows):>9,.2f}")

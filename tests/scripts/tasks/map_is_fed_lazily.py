import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

taken = []

def items():
    for n in range(1000):
        taken.append(n)
        yield n

results = runtime.map(abs, items(), workers=3)
print(len(taken))  # expect: 0
print(next(results), len(taken) <= 7)  # expect: 0 True
for _ in range(10):
    next(results)
print(len(taken) <= 17)  # expect: True
results.close()
print(list(results), len(taken) <= 17)  # expect: [] True

# Without an end, too.
def count():
    n = 0
    while True:
        yield n
        n += 1

for n in runtime.map(abs, count()):
    if n == 50:
        break
print(n)  # expect: 50

"""Apply a function to many items on all cores; results come back in order."""
import scriptling.runtime as runtime


def parallel_map(function, items):
    promises = [runtime.run(function, item) for item in items]
    return [promise.get() for promise in promises]


def collatz_steps(n):
    steps = 0
    while n != 1:
        n = 3 * n + 1 if n % 2 else n // 2
        steps += 1
    return steps


print(parallel_map(collatz_steps, [1, 7, 27, 97, 871, 6171]))  # expect: [0, 16, 111, 118, 178, 261]
print(parallel_map(lambda word: word[::-1].title(), ["eno", "owt"]))  # expect: ['One', 'Two']

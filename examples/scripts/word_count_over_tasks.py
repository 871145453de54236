"""Count words in parts of a text in parallel, then add the counts up."""
import scriptling.runtime as runtime

TEXT = """the sun rose over the hill
the hill was green and the sun was warm
a bird sang and the bird flew over the green hill"""


def count(lines):
    counts = {}
    for line in lines:
        for word in line.split():
            counts[word] = counts.get(word, 0) + 1
    return counts


def merge(parts):
    total = {}
    for part in parts:
        for word, n in part.items():
            total[word] = total.get(word, 0) + n
    return total


promises = [runtime.run(count, [line]) for line in TEXT.splitlines()]
total = merge(promise.get() for promise in promises)
for word, n in sorted(total.items(), key=lambda item: (-item[1], item[0]))[:5]:
    print(f"{word:<6}{n}")
# expect: the   6
# expect: hill  3
# expect: and   2
# expect: bird  2
# expect: green 2

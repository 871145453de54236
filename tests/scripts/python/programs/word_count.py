text = """the cat sat on the mat the end
A dog and a cat met on the mat
"""
counts = {}
for word in text.lower().split():
    counts[word] = counts.get(word, 0) + 1
for word, n in sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))[:6]:
    print(f"{word:<6}{n:>3} {'#' * n}")
print(len(counts), sum(counts.values()), max(counts, key=len))

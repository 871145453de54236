words = "the quick brown fox jumps over the lazy dog the end".split()
by_len = {}
for w in words:
    by_len.setdefault(len(w), []).append(w)
print(by_len, {k: len(v) for k, v in sorted(by_len.items())})
inverse = {v: k for k, v in {"a": 1, "b": 2}.items()}
print(inverse, sorted({w: words.count(w) for w in words}.items(), key=lambda kv: (-kv[1], kv[0]))[:3])

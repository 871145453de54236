words = ["pear", "fig", "apple", "kiwi", "date", "Banana"]
print(sorted(words), sorted(words, key=len), sorted(words, key=len, reverse=True), sorted(words, key=str.lower))
words.sort(key=lambda w: (len(w), w), reverse=True)
print(words, words.sort())
pairs = [(2, "b"), (1, "z"), (2, "a"), (1, "y")]
print(sorted(pairs, key=lambda p: p[0]), sorted(pairs), sorted(pairs, key=lambda p: -p[0]))
print(sorted([True, 0, 2.5, -1]), sorted("hello"), sorted({"b": 1, "a": 2}), sorted([[2], [1, 5], [1]]))

WORDS = {"spelling": 5, "something": 3, "the": 90, "then": 20, "than": 15, "cat": 9, "cart": 2, "bat": 4}

def edits(word):
    letters = "abcdefghijklmnopqrstuvwxyz"
    splits = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    out = {a + b[1:] for a, b in splits if b}
    out |= {a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1}
    out |= {a + c + b[1:] for a, b in splits if b for c in letters}
    return out | {a + c + b for a, b in splits for c in letters}

def correct(word):
    if word in WORDS:
        return word
    found = [w for w in edits(word) if w in WORDS] or [word]
    return max(found, key=lambda w: (WORDS.get(w, 0), w))

print([correct(w) for w in ("speling", "somthing", "teh", "thn", "caat", "qqqq", "bat")], len(edits("cat")))

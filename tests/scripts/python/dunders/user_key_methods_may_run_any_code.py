class Key:
    def __init__(self, text):
        self.text = text

    def __hash__(self):
        return sum(ord(c) for c in self.text)

    def __eq__(self, other):
        return sorted(self.text) == sorted(other.text) and all(c.isalpha() for c in self.text)

groups = {}
for word in "listen silent enlist google elgoog abc cab bca".split():
    groups.setdefault(Key(word), []).append(word)
print(list(groups.values()), len({Key(w) for w in ("ab", "ba", "abc")}), groups[Key("tinsel")])
del groups[Key("cba")]
print(len(groups), groups.pop(Key("gogole")), Key("netsil") in groups)

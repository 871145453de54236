def rle(s):
    out, i = [], 0
    while i < len(s):
        j = i
        while j < len(s) and s[j] == s[i]:
            j += 1
        out.append((s[i], j - i))
        i = j
    return out

def huffman(text):
    nodes = [(text.count(c), i, c) for i, c in enumerate(sorted(set(text)))]
    n = len(nodes)
    while len(nodes) > 1:
        nodes.sort(key=lambda t: t[:2])
        a, b, *nodes = nodes
        nodes.append((a[0] + b[0], n, (a[2], b[2])))
        n += 1
    codes = {}

    def walk(tree, prefix):
        if isinstance(tree, str):
            codes[tree] = prefix or "0"
        else:
            walk(tree[0], prefix + "0")
            walk(tree[1], prefix + "1")

    walk(nodes[0][2], "")
    return codes

print(rle("aaabccd"), "".join(c * n for c, n in rle("aaabccd")))
text = "abracadabra alakazam"
codes = huffman(text)
bits = "".join(codes[c] for c in text)
print(sorted(codes.items()), len(bits), bits[:24])

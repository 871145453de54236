def wrap(text, width):
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return lines + [line] if line else lines

def justify(line, width):
    words = line.split()
    if len(words) == 1:
        return line.ljust(width)
    gaps = len(words) - 1
    space, extra = divmod(width - sum(map(len, words)), gaps)
    return "".join(w + " " * (space + (i < extra)) for i, w in enumerate(words[:-1])) + words[-1]

text = "A small language is a pleasant thing to carry around because one can keep all of it in mind at once"
for line in wrap(text, 24):
    print(f"|{line:<24}|{justify(line, 24)}|{line:^24}|")
print(wrap("", 10), wrap("unbreakableword x", 5))

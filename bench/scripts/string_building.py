# Building text: concatenation, lists and join, formatting, character tests, slicing.
def escape(text):
    out = []
    for c in text:
        if c == "<":
            out.append("&lt;")
        elif c == "&":
            out.append("&amp;")
        elif c.isalnum() or c == " ":
            out.append(c)
        else:
            out.append("&#" + str(ord(c)) + ";")
    return "".join(out)


def rotate(text, n):
    result = ""
    for c in text:
        if "a" <= c <= "z":
            c = chr((ord(c) - 97 + n) % 26 + 97)
        result += c
    return result


def table(rows):
    lines = []
    for i in range(rows):
        lines.append("%5d | %-8s | %8.3f | %x" % (i, "r" + str(i), i / 7, i * i))
    return "\n".join(lines)


def palindromes(limit):
    count = 0
    for i in range(limit):
        s = str(i)
        if s == s[::-1]:
            count += 1
    return count


sample = 'The <quick> brown fox & "friends" jump over 13 lazy dogs. ' * 6
size = 0
for i in range(1000):
    size += len(escape(sample)) + len(rotate(sample, i))
report = table(250000)
print(size, len(report), report.count("r1"), palindromes(2000000), rotate(sample, 5)[:20])

KEYWORDS = {"let", "if", "print"}

class Token:
    def __init__(self, kind, text, line):
        self.kind, self.text, self.line = kind, text, line

    def __repr__(self):
        return f"{self.kind}({self.text!r})@{self.line}"

def tokenize(source):
    i, line = 0, 1
    while i < len(source):
        c = source[i]
        start = i
        if c == "\n":
            line += 1
            i += 1
        elif c.isspace():
            i += 1
        elif c == "#":
            while i < len(source) and source[i] != "\n":
                i += 1
        elif c.isalpha() or c == "_":
            while i < len(source) and (source[i].isalnum() or source[i] == "_"):
                i += 1
            word = source[start:i]
            yield Token("KEYWORD" if word in KEYWORDS else "NAME", word, line)
        elif c.isdigit():
            while i < len(source) and source[i].isdigit():
                i += 1
            yield Token("NUMBER", source[start:i], line)
        elif c == '"':
            i = source.find('"', i + 1) + 1
            if i == 0:
                raise SyntaxError(f"line {line}: unterminated string")
            yield Token("STRING", source[start:i], line)
        elif source[i:i + 2] in ("==", "<=", ">="):
            i += 2
            yield Token("OP", source[start:i], line)
        else:
            i += 1
            yield Token("OP", c, line)

for token in tokenize('let x1 = 42 # answer\nif x1 >= 10 print "hi there"\n_y == x1'):
    print(token)
try:
    list(tokenize('print\n"open'))
except SyntaxError as e:
    print(e)

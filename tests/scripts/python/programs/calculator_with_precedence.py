class Parser:
    def __init__(self, text):
        self.tokens = self.lex(text)
        self.at = 0

    def lex(self, text):
        tokens, i = [], 0
        while i < len(text):
            c = text[i]
            if c.isspace():
                i += 1
            elif c.isdigit() or c == ".":
                j = i
                while j < len(text) and (text[j].isdigit() or text[j] == "."):
                    j += 1
                tokens.append(float(text[i:j]) if "." in text[i:j] else int(text[i:j]))
                i = j
            elif c in "+-*/^()":
                tokens.append(c)
                i += 1
            else:
                raise SyntaxError(f"unexpected {c!r} at {i}")
        return tokens + [None]

    def peek(self):
        return self.tokens[self.at]

    def take(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def expression(self, level=0):
        left = self.unary()
        levels = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 4}
        while self.peek() in levels and levels[self.peek()] > level:
            op = self.take()
            right = self.expression(levels[op] - (op == "^"))
            left = {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right,
                    "/": lambda: left / right, "^": lambda: left ** right}[op]()
        return left

    def unary(self):
        token = self.take()
        if token == "-":
            return -self.expression(3)
        if token == "(":
            value = self.expression()
            if self.take() != ")":
                raise SyntaxError("missing )")
            return value
        if token is None or isinstance(token, str):
            raise SyntaxError(f"unexpected {token!r}")
        return token

for text in ("1 + 2 * 3", "(1 + 2) * 3", "2 ^ 3 ^ 2", "-2 ^ 2", "10 / 4 - 1", "2 * (3 + 4) * -1", "1.5 + .5", "7 / 0", "(1", "1 $ 2", "*"):
    try:
        print(text, "=", Parser(text).expression())
    except (SyntaxError, ZeroDivisionError) as e:
        print(text, "->", e)

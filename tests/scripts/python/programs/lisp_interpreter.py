def parse(text):
    tokens = text.replace("(", " ( ").replace(")", " ) ").split()

    def read():
        t = tokens.pop(0)
        if t == "(":
            out = []
            while tokens[0] != ")":
                out.append(read())
            tokens.pop(0)
            return out
        try:
            return int(t)
        except ValueError:
            return t

    return read()

def evaluate(x, env):
    while True:
        if isinstance(x, str):
            while x not in env:
                env = env["__outer__"]
            return env[x]
        if isinstance(x, int):
            return x
        match x:
            case ["if", test, yes, no]:
                x = yes if evaluate(test, env) else no
            case ["define", name, value]:
                env[name] = evaluate(value, env)
                return None
            case ["lambda", params, body]:
                return lambda *args, env=env: evaluate(body, {"__outer__": env, **dict(zip(params, args))})
            case [f, *args]:
                return evaluate(f, env)(*[evaluate(a, env) for a in args])

env = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "<": lambda a, b: a < b, "list": lambda *a: list(a)}
for line in ("(define fact (lambda (n) (if (< n 2) 1 (* n (fact (- n 1))))))", "(fact 20)", "(define add (lambda (a) (lambda (b) (+ a b))))", "((add 3) 4)", "(list 1 (+ 1 1) (fact 3))"):
    result = evaluate(parse(line), env)
    if result is not None:
        print(result)

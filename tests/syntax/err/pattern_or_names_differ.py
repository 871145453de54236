# error: 3:16: SyntaxError: alternative patterns bind different names
match x:
    case [a] | [b]:
        pass

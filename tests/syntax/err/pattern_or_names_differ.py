# error: 3:17: SyntaxError: alternative patterns bind different names
match x:
    case [a] | [b]:
        pass

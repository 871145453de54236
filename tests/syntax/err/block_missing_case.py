# error: 4:5: IndentationError: expected an indented block after 'case' statement on line 3
match x:
    case 1:
    case 2:
        pass

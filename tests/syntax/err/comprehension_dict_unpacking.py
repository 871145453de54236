# error: 2:2: SyntaxError: dict unpacking cannot be used in dict comprehension
{**a for a in b}

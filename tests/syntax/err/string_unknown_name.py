# error: 2:6: SyntaxError: (unicode error) 'unicodeescape' codec can't decode bytes in position 0-15: unknown Unicode character name
x = '\N{NO SUCH NAME}'

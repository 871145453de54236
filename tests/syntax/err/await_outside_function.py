# error: 2:1: SyntaxError: 'await' outside function
await x

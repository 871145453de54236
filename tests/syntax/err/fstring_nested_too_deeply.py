# error: 2:12: SyntaxError: f-string: expressions nested too deeply
f'{a:{b:{c:{d}}}}'

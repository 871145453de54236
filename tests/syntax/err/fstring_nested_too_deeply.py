# error: 2:9: SyntaxError: f-string: expressions nested too deeply
f'{a:{b:{c:{d}}}}'

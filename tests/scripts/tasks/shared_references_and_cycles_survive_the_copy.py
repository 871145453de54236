import scriptling.runtime as runtime

def look(pair, loop):
    return pair[0] is pair[1], loop[0] is loop, len(loop)

inner = []
loop = []
loop.append(loop)
print(runtime.run(look, [inner, inner], loop).get())  # expect: (True, True, 1)

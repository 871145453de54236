import scriptling.runtime as runtime

def change(*, box):
    box.append(99)
    return box

box = [1]
print(runtime.background("kw", change, box=box).get(), box)  # expect: [1, 99] [1]

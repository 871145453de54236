import scriptling.runtime as runtime

def numbers():
    yield 1

def nested():
    return {"items": [numbers()]}

for f in (numbers, nested):
    try:
        runtime.run(f).get()
    except TypeError as e:
        print("generator" in str(e))
# expect: True
# expect: True

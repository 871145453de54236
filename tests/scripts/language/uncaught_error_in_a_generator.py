def numbers():
    yield 1
    raise RuntimeError("generator broke")  # expect raises: RuntimeError: generator broke

for n in numbers():
    print(n)  # expect: 1

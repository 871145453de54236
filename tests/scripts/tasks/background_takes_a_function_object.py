import scriptling.runtime as runtime

def area(w, h=1, *, unit="m"):
    return f"{w * h}{unit}"

print(runtime.background("a", area, 3, h=4, unit="cm").get())  # expect: 12cm
print(runtime.background("b", lambda x: x * 2, 21).get())  # expect: 42

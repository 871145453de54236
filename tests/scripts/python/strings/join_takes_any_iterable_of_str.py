print(",".join(["a", "b", "c"]), "".join("xyz"), "-".join(()), ", ".join(["only"]))
print(" ".join(str(i) for i in range(4)), "/".join({"k": 1, "m": 2}))
for bad in (["a", 1], [None], 5):
    try:
        ",".join(bad)
    except TypeError as e:
        print(e)

import scriptling.runtime as runtime

not_callable = 5
for name in ("nowhere", "not_callable"):
    try:
        runtime.background("task", name)
        print("accepted")
    except Exception as e:
        print("refused", name in str(e))
# expect: refused True
# expect: refused True

import scriptling.runtime as runtime

def fail():
    raise ValueError("no value")

p = runtime.run(fail)
for use in (lambda: print("never", p.get()), lambda: [p.get(), 1], lambda: p.get() or 5):
    try:
        use()
    except ValueError as e:
        print(e)
# expect: no value
# expect: no value
# expect: no value

import scriptling.runtime as runtime

def fail():
    raise ValueError("failed")

for _ in range(20):
    try:
        with runtime.TaskGroup() as tg:
            tg.run(fail).get()
    except ExceptionGroup as group:
        assert len(group.exceptions) == 1, group.exceptions
print("once")  # expect: once

import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def fail(name):
    raise ValueError(name)

for _ in range(10):
    try:
        with runtime.TaskGroup() as outer:
            try:
                with runtime.TaskGroup() as inner:
                    inner.run(fail, "inner")
                    outer.run(fail, "outer")
                    sync.Queue("never").get()
            except BaseException:
                pass
            # Without being told again, the block would wait for ever.
            sync.Queue("never").get()
    except ExceptionGroup as group:
        names = [str(e) for e in group.exceptions]
        assert "outer" in names, names
print("told")  # expect: told

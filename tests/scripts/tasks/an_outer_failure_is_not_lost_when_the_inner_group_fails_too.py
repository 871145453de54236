import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

def fail(name):
    raise ValueError(name)

for _ in range(10):
    try:
        with runtime.TaskGroup() as outer:
            try:
                with runtime.TaskGroup() as inner:
                    outer.run(fail, "outer")
                    inner.run(fail, "inner")
                    sync.Queue("never").get()
            except ExceptionGroup:
                pass
            # Without being told again, the block would wait for ever.
            sync.Queue("never").get()
    except ExceptionGroup as group:
        assert [str(e) for e in group.exceptions] == ["outer"], group.exceptions
print("told")  # expect: told

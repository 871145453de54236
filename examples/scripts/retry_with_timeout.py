"""Give a task a time limit, and try again with the next one when it is missed."""
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync


def fetch(mirror):
    if mirror == "silent":
        sync.Queue("never filled").get()
    if mirror == "broken":
        raise ValueError("bad answer")
    return f"data from {mirror}"


for mirror in ("silent", "broken", "good"):
    try:
        print(runtime.run(fetch, mirror).get(timeout=0.2 if mirror == "silent" else 30))
        break
    except TimeoutError:
        print(mirror, "took too long")
    except ValueError as error:
        print(mirror, "failed:", error)
# expect: silent took too long
# expect: broken failed: bad answer
# expect: data from good

import scriptling.runtime
import scriptling.runtime as runtime
import scriptling.runtime.kv as kv
import scriptling.runtime.sync as sync
from scriptling.runtime import background, kv as kv2, run
from scriptling.runtime.sync import Atomic

def job():
    return "ran"

print(background("a", "job").get(), run(job).get())  # expect: ran ran
print(scriptling.runtime.background("b", job).get())  # expect: ran
kv.set("k", 1)
print(kv2.get("k"), runtime.kv.get("k"), runtime.kv.default.get("k"), kv.default.get("k"))  # expect: 1 1 1 1
Atomic("a").add(5)
print(sync.Atomic("a").get(), runtime.sync.Atomic("a").get())  # expect: 5 5

import json
import math
import scriptling.runtime as runtime
import scriptling.runtime.kv as kv
import scriptling.runtime.sync as sync
import sys
import time

# What a native's signature says is parsed when it is first asked for: here all of them are.


def natives(owner):
    for name in dir(owner):
        member = getattr(owner, name, None)
        if callable(member):
            yield name, member


seen = 0
for owner in [json, math, runtime, kv, sync, sys, time]:
    for name, member in natives(owner):
        assert member.__name__ == name or isinstance(member, type) or name.startswith("__"), (owner, name)
        seen += 1
        if isinstance(member, type):
            for method, native in natives(member):
                native.__name__
types = [object, type, int, bool, float, str, bytes, list, tuple, dict, set, frozenset, range, BaseException, OSError]
for owner in types:
    for name, member in natives(owner):
        assert isinstance(member.__name__, str), (owner, name)
        seen += 1
assert seen > 300, seen
print("ok")  # expect: ok

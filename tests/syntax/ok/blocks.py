"""Compound statements."""
if a: pass
elif b: pass
elif c:
    pass
else: pass
if a:
    if b:
        pass
else:
    if c: pass
if (n := 10) > 5: pass
if n := 10: pass

while a:
    break
else:
    pass
while x := y: continue
for x in y: break
else: pass
for x, *y in *z, 1:
    continue
for (x) in y: pass
for x.a, x[0] in y: pass
for x, in y: pass

with a: pass
with a as b: pass
with a as b, c as (d, e), f: pass
with (a): pass
with (a, b): pass
with (a as b, c as d,): pass
with (a, b) as c: pass
with (a), (b): pass
with (a, b), c: pass
with (yield_): pass
with (a).b as c: pass
with (a if b else c) as d, e: pass
with (open(a) as b): pass
with (a, *b): pass
with (a := b): pass
with (): pass
with a as b.c, d as e[0]: pass
with a as [b, c]: pass

try: pass
except: pass
try:
    pass
except A:
    pass
except (A, B) as e:
    raise
except A.B:
    raise e
except:
    raise e from f
else:
    pass
finally:
    pass
try: pass
finally: pass
try:
    pass
except* A as e:
    pass
except *(B, C):
    for x in y: break

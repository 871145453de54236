"""Operators, displays, comprehensions, calls."""
a or b and not c
a or b or c and d and e
not not a
a < b <= c > d >= e == f != g is h is not i in j not in k
a | b ^ c & d << e >> f + g - h * i / j // k % l @ m
-a ** -b; ~a; +a; - -a; a ** b ** c
(a + b) * c
a if b else c if d else e
lambda: 0
lambda a, b=1, /, c=2, *args, d, e=3, **kwargs: a
lambda *, a: a
lambda *a, **k: (a, k)
lambda a, /: lambda: a
a.b.c; a(b)(c); a[b][c]; a.b(c)[d].e
f(a, *b, c=d, *e, **f); f(a for a in b); f(a)(b for b in c); f(a := 1, b); f(**a, b=c); f(*a or b); f(a,)
a[1]; a[1:2]; a[1:2:3]; a[:]; a[::]; a[1:]; a[:1]; a[::1]; a[1:2, 3]; a[1,]; a[*b]; a[*b, c]; a[b := 1]; a[()]; a[lambda: 0:1]
(); (a,); (a, b); (a, *b); (*a,); (a := 1); (a := 1, b); ((a))
[]; [a]; [a, b,]; [*a, *b]; [a := 1]
{}; {a: b}; {a: b, **c, d: e,}; {a}; {a, *b,}; {a: lambda: b}; {a := 1}; {a: b if c else d}
[a for a in b]; {a for a in b}; {a: b for a, b in c}; (a for a in b)
[a for a, in b for *c, d in e if f if g]; [a for a in b if (c := a)]; [(a, b) for a in c]; [a := 1 for b in c]
[a for a in b or c]; [a for a in (lambda: b)]; [[a for a in b] for b in c]; [a if b else c for d in e]
None; True; False; ...; __debug__

"""F-strings, nested, with formats, labels and conversions."""
f""; f"a"; f"{a}"; f"a{b}c{d}e"; F'{a!r}'; fr"\d{a}\{b}"; rf'{a!s:>{width}.{precision}}'
f"{a=}"; f"{a = }"; f"{a=!s}"; f"{a=:>5}"; f"{ a + 1 = }"
f"{{}}"; f"{{{a}}}"; f"{a}}}"; f"{a:{{b}}}" if 0 else f"{a:%Y-%m-%d}"; f"{a[b]:x}"; f"{a['b']}"
f"{a["b"]}"; f"{f"{f"{1}"}"}"; f"{'\n'.join(a)}"; f'''{
    a  # comment
    + b
}'''
f"{lambda_(lambda x: x)}"; f"{(lambda x: x)}"; f"{a, b}"; f"{*a, b}"; f"{ {a: b}[c] }"; f"{a!=b}"; f"{a:=5}"; f"{(a:=5)}"
f"{yield_}" "a" f"{b}" 'c'; "a" f""; f"\N{BULLET}{a}\n"; f"{a:\n}"; f"{a if b else c}"; f"{x:a{y}b{z!r:c}d}"
f'{a:{"x"}}'; f"""{a:
}"""

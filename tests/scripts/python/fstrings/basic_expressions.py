name = "World"
n = 3
print(f"Hello {name}!", f"{n + 1} {n * n}", f"{name.upper()} {len(name)}", f"{'nested ' + name}", F"{n}")
print(f"{{literal}} {n}", f"{n}{n}", f"", f"no fields", f"{[i for i in range(n)]}", f"{ {'a': 1}['a'] }")
print(f"{n if n > 2 else 'small'} {n > 2} {(lambda x: x * 2)(n)}", f"{n!s} {name!r} {'é'!a}")
print(f"a" "b" f"{n}" 'c', rf"\n{n}", fr"\t")
print(f"""multi {
    n
} line {name}""")

s = "text"
print(f"[{s:10}] [{s:<10}] [{s:>10}] [{s:^10}] [{s:^9}]")
print(f"[{s:*<8}] [{s:->8}] [{s:=^8}] [{s:2}] [{s:.2}] [{s:6.2}] [{s:é>6}] [{s:s}] [{s:05}]")
for spec in ("d", "=5", "+", ",", ".2f", "#"):
    try:
        print(format(s, spec))
    except ValueError as e:
        print(spec, "->", e)

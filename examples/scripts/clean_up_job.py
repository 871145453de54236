"""A clean-up job: keep the newest backups of each name, and say what would be removed."""

BACKUPS = [
    ("db-2024-01-03", 120), ("db-2024-01-01", 100), ("db-2024-01-02", 110), ("db-2024-01-04", 130),
    ("web-2024-01-02", 20), ("web-2024-01-01", 25), ("notes.txt", 1),
]
KEEP = 2


def split(name):
    base, *date = name.split("-", 1)
    return base, date[0] if date else None


groups, skipped = {}, []
for name, size in BACKUPS:
    base, date = split(name)
    if date is None:
        skipped.append(name)
    else:
        groups.setdefault(base, []).append((date, name, size))

freed = 0
for base, entries in sorted(groups.items()):
    entries.sort(reverse=True)
    for date, name, size in entries[KEEP:]:
        freed += size
        print(f"remove {name:<15}{size:>5} MB")
print(f"freed {freed} MB, kept {sum(min(len(e), KEEP) for e in groups.values())}, skipped {skipped}")
# expect: remove db-2024-01-02    110 MB
# expect: remove db-2024-01-01    100 MB
# expect: freed 210 MB, kept 4, skipped ['notes.txt']

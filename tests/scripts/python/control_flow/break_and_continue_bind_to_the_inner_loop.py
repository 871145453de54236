out = []
for i in range(4):
    if i == 2:
        continue
    for j in range(4):
        if j == 1:
            continue
        if j == 3:
            break
        out.append((i, j))
    if i == 3:
        break
    out.append(i)
print(out)

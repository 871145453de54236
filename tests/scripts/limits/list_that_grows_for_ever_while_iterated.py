# flags: --seconds 20
a = [1]
count = 0
for x in a:
    a.append(x)
    count += 1
    if count == 100000:
        break
print(count, len(a))  # expect: 100000 100001

count = 0
for a in range(2):
    for b in range(2):
        while True:
            for c in range(2):
                if a == b:
                    try:
                        for d in range(2):
                            for e in range(2):
                                if d != e:
                                    for f in range(2):
                                        try:
                                            if f:
                                                continue
                                            count += 1
                                        finally:
                                            count += 100
                    finally:
                        count += 10000
            break
print(count)

print(" ".join("Fizz" * (not n % 3) + "Buzz" * (not n % 5) or str(n) for n in range(1, 31)))
rules = {3: "Fizz", 5: "Buzz", 7: "Bang"}
for n in (15, 21, 35, 105, 8):
    print(n, "".join(word for d, word in rules.items() if n % d == 0) or n)

TABLE = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]

def to_roman(n):
    out = ""
    for value, letters in TABLE:
        while n >= value:
            out += letters
            n -= value
    return out

def from_roman(s):
    values = {letters: value for value, letters in TABLE if len(letters) == 1}
    nums = [values[c] for c in s]
    return sum(-a if a < b else a for a, b in zip(nums, nums[1:] + [0]))

print([to_roman(n) for n in (1, 4, 9, 14, 40, 1994, 2024, 3999)], all(from_roman(to_roman(n)) == n for n in range(1, 1000)))

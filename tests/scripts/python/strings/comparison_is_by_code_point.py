print("a" < "b", "a" < "B", "abc" < "abd", "ab" < "abc", "" < "a", "é" > "z", "\uffff" < "\U00010000")
print(sorted(["banana", "Apple", "cherry", "apple", "ñ", "z", "10", "9"]))
print(max("hello"), min("hello"), "a" == "a", "a" != "A")
try:
    "a" < 1
except TypeError as e:
    print(e)

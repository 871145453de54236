print("tab\tnewline\\n quote\" single\' bell\a".encode())
print("\x41\u0042\U00000043\103\0".encode())
print("line one \
continues", "a\
b")
print('it''s', "say \"hi\"", 'say "hi"', "it's", '''triple "quotes" 'inside' ''')
print("""two
lines""")
print(len("\r\n\v\f\b"), "\1\12\123".encode())

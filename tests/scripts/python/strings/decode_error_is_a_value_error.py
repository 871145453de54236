try:
    b"a\xffb".decode()
except UnicodeDecodeError as e:
    print(isinstance(e, ValueError), e)
try:
    "é".encode("ascii")
except UnicodeEncodeError as e:
    print(isinstance(e, ValueError), e)

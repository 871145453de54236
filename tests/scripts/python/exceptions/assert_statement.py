assert True
assert 1 + 1 == 2, "never seen"
try:
    assert [] , "empty list"
except AssertionError as e:
    print(repr(e))
try:
    assert 0
except AssertionError as e:
    print(repr(e), e.args)
try:
    assert False, ("a", 1)
except AssertionError as e:
    print(e)

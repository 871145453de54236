"""Lines, comments, indentation, identifiers."""
x = yield_ = (
    1 +  # comment
    2
)
x = \
    1
if a and \
        b:
    pass
# comment
if a:
    # comment
        # deeper comment
    pass
	
    pass
# shallow comment
    pass
1if a else 2
ªº = été = 变量 = ℌ

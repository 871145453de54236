try:
    1 / 0
except ZeroDivisionError as e:
    tb = e.__traceback__
    print(tb is not None, tb.tb_lineno)
err = ValueError("x")
print(err.__traceback__, err.with_traceback(None) is err)

e = OSError(2, "No such file", "name.txt")
print(e, e.errno, e.strerror, e.filename, type(e).__name__, e.args)
print(OSError(13, "denied"), type(OSError(17, "x")).__name__)

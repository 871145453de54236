for e in (ZeroDivisionError, OverflowError, KeyError, IndexError, ValueError, UnicodeDecodeError, FileNotFoundError, NotImplementedError, RecursionError, ModuleNotFoundError, StopIteration, UnboundLocalError, TimeoutError, KeyboardInterrupt, SystemExit, GeneratorExit, AssertionError, AttributeError, EOFError, MemoryError, NameError, OSError, TypeError, IndentationError, StopAsyncIteration, BrokenPipeError, PermissionError):
    print(" < ".join(c.__name__ for c in e.__mro__))
print(IOError is OSError, issubclass(Exception, BaseException))

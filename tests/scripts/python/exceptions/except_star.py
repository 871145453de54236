def group():
    return ExceptionGroup("g", [ValueError("a"), ExceptionGroup("inner", [TypeError("b"), ValueError("c"), KeyError("d")]), OSError("e")])


def tree(e):
    if isinstance(e, BaseExceptionGroup):
        return (type(e).__name__, e.message, [tree(x) for x in e.exceptions])
    return repr(e)


def run(make, *types):
    # What each clause gets, and what comes out.
    seen = []
    try:
        try:
            raise make()
        except* types[0] as e:
            seen.append(tree(e))
        except* types[1] as e:
            seen.append(tree(e))
        else:
            seen.append("else")
        finally:
            seen.append("finally")
    except BaseException as e:
        seen.append(("out", tree(e)))
    print(seen)


run(group, ValueError, TypeError)
run(group, (ValueError, OSError), (TypeError, KeyError))
run(group, ZeroDivisionError, IndexError)
run(group, Exception, ValueError)
run(lambda: ValueError("naked"), ValueError, TypeError)
run(lambda: ValueError("naked"), TypeError, KeyError)
run(lambda: KeyboardInterrupt(), TypeError, BaseException)
run(lambda: BaseExceptionGroup("b", [KeyboardInterrupt(), ValueError(1)]), ValueError, KeyboardInterrupt)

try:
    print("quiet")
except* ValueError:
    print("not here")
else:
    print("else")
finally:
    print("finally")

# Exceptions raised by the bodies.
for bodies in (1, 2):
    try:
        try:
            raise group()
        except* ValueError as e:
            raise RuntimeError("one")
        except* TypeError as e:
            if bodies == 2:
                raise RuntimeError("two") from e
    except BaseException as e:
        print(tree(e))
        print([type(x.__context__).__name__ if isinstance(x, RuntimeError) else None for x in e.exceptions])
try:
    try:
        raise ValueError("naked")
    except* ValueError as e:
        print(tree(e))
        raise KeyError("k")
except KeyError as e:
    print(repr(e), tree(e.__context__))
# A bare raise passes the part on, and it is put back where it was.
try:
    try:
        raise group()
    except* ValueError:
        raise
    except* KeyError:
        pass
except ExceptionGroup as e:
    print(tree(e))

# The name is unbound afterwards, and what is handled is the part.
try:
    raise group()
except* (ValueError, TypeError) as part:
    print(len(part.exceptions))
except* Exception as rest:
    print(tree(rest))
try:
    part
except NameError as e:
    print(e)

for bad in (ExceptionGroup, 5, (ValueError, "x")):
    try:
        try:
            raise ValueError(1)
        except* bad:
            pass
    except TypeError as e:
        print(e)


def in_function(n):
    for i in range(3):
        try:
            if i == n:
                raise ExceptionGroup("loop", [ValueError(i), TypeError(i)])
        except* ValueError as e:
            for j in range(3):
                if j == 1:
                    break
                continue
            print("value", tree(e), j)
        except* TypeError:
            try:
                1 / 0
            except ZeroDivisionError as z:
                print("nested", z)
        print("round", i)
    return "end"


print(in_function(1))


def generator():
    try:
        yield 1
    except* ValueError as e:
        yield tree(e)
        yield 2


g = generator()
print(next(g), g.throw(ValueError("thrown")), next(g), next(g, "over"))


class Nested:
    try:
        raise ExceptionGroup("class", [ValueError(1)])
    except* ValueError as e:
        found = len(e.exceptions)


print(Nested.found, hasattr(Nested, "e"))
try:
    raise ExceptionGroup("outer", [ValueError(1), TypeError(2)])
except* ValueError:
    try:
        raise ExceptionGroup("nested", [KeyError(1), TypeError(2)])
    except* KeyError as e:
        print("inner", tree(e))
    except* TypeError as e:
        print("inner", tree(e))
except* TypeError as e:
    print("outer", tree(e))

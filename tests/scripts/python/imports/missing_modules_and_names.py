try:
    import no_such_module_here
except ModuleNotFoundError as e:
    print(e, isinstance(e, ImportError), e.name)
try:
    from no_such_package.sub import x
except ImportError as e:
    print(e)
try:
    import plainlib.sub
except ModuleNotFoundError as e:
    print(e)
import plainlib
try:
    plainlib.missing
except AttributeError as e:
    print(e)
try:
    from plainlib import missing
except ImportError as e:
    print(str(e).split(" (")[0])

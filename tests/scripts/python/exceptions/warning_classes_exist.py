print([c.__name__ for c in (UserWarning.__mro__)], issubclass(DeprecationWarning, Warning), issubclass(RuntimeWarning, Exception))

class Plugin:
    plugins = {}

    def __init_subclass__(cls, key=None, **kw):
        super().__init_subclass__(**kw)
        Plugin.plugins[key or cls.__name__.lower()] = cls.__name__

class Reader(Plugin):
    pass

class Writer(Plugin, key="w"):
    pass

class Special(Reader):
    pass

print(Plugin.plugins)

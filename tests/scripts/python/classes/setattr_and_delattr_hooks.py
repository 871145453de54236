class Watch:
    def __setattr__(self, name, value):
        print("set", name, value)
        super().__setattr__(name, value)

    def __delattr__(self, name):
        print("del", name)
        object.__delattr__(self, name)

w = Watch()
w.a = 1
w.a += 1
setattr(w, "b", 5)
del w.a
print(w.__dict__)

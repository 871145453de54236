if __name__ == "__main__":
    print("run as main")
else:
    print("imported")
import plainlib
print(type(plainlib).__name__, plainlib.__dict__["_private"], sorted(n for n in dir(plainlib) if not n.startswith("_")))

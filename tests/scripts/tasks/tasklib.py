# library: imported by the scripts of this folder, not run by itself
BASE = 100

def double(n):
    return n * 2

def helper(n):
    return n + 1

def uses_own_helper(n):
    return BASE + helper(n)

class Counter:
    def __init__(self, start=0):
        self.n = start

    def up(self):
        self.n += 1
        return self.n

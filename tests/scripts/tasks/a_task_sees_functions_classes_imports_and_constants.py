import math
import scriptling.runtime as runtime
from math import floor
from tasklib import BASE, double
import tasklib as lib

LIMIT = 10
table = {"a": [1, 2]}

class Tool:
    factor = 3

    def use(self, n):
        return helper(n) * self.factor

def helper(n):
    return n + LIMIT

square = lambda n: n * n

def job(n):
    return [Tool().use(n), math.floor(2.7), floor(3.9), double(4), lib.BASE + BASE, table["a"][1], square(5)]

print(runtime.run(job, 1).get())  # expect: [33, 2, 3, 8, 200, 2, 25]

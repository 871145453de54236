# All solutions of the eight-queens problem by backtracking with lists of flags.
class Board:
    def __init__(self, n):
        self.n = n
        self.free_column = [True] * n
        self.free_up = [True] * (2 * n)
        self.free_down = [True] * (2 * n)
        self.found = 0

    def place(self, row):
        if row == self.n:
            self.found += 1
            return
        for c in range(self.n):
            if self.free_column[c] and self.free_up[row + c] and self.free_down[row - c + self.n]:
                self.mark(row, c, False)
                self.place(row + 1)
                self.mark(row, c, True)

    def mark(self, row, c, value):
        self.free_column[c] = value
        self.free_up[row + c] = value
        self.free_down[row - c + self.n] = value


total = 0
for n in range(4, 13):
    board = Board(n)
    board.place(0)
    total = total * 31 + board.found
print(total)

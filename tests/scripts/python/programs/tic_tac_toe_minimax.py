LINES = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6)]
memo = {}

def winner(b):
    for x, y, z in LINES:
        if b[x] != "." and b[x] == b[y] == b[z]:
            return b[x]
    return None

def best(b, me):
    key = b + me
    if key in memo:
        return memo[key]
    w = winner(b)
    other = "O" if me == "X" else "X"
    if w:
        result = (1 if w == me else -1, None)
    elif "." not in b:
        result = (0, None)
    else:
        result = max(((-best(b[:i] + me + b[i + 1:], other)[0], -i) for i, c in enumerate(b) if c == "."))
        result = (result[0], -result[1])
    memo[key] = result
    return result

board, me = "X..." + "." * 5, "O"
while not winner(board) and "." in board:
    score, move = best(board, me)
    board = board[:move] + me + board[move + 1:]
    me = "O" if me == "X" else "X"
print("\n".join(board[i:i + 3] for i in (0, 3, 6)), winner(board), len(memo))

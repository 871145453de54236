def hanoi(n, a, b, c, moves):
    if n:
        hanoi(n - 1, a, c, b, moves)
        moves.append(a + c)
        hanoi(n - 1, b, a, c, moves)
    return moves

print(hanoi(4, "A", "B", "C", []), len(hanoi(10, "A", "B", "C", [])))

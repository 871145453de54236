maze = """
#########
#S..#...#
#.#.#.#.#
#.#...#E#
#########
""".strip().splitlines()

def find(ch):
    return next((x, y) for y, row in enumerate(maze) for x, c in enumerate(row) if c == ch)

start, end = find("S"), find("E")
queue, came = [start], {start: None}
while queue:
    x, y = queue.pop(0)
    if (x, y) == end:
        break
    for step in ((x + 1, y), (x, y + 1), (x - 1, y), (x, y - 1)):
        if maze[step[1]][step[0]] != "#" and step not in came:
            came[step] = (x, y)
            queue.append(step)
path, at = set(), end
while at:
    path.add(at)
    at = came[at]
print(len(path) - 1)
for y, row in enumerate(maze):
    print("".join("*" if (x, y) in path and c == "." else c for x, c in enumerate(row)))

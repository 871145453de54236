def run(line, state):
    match line.split():
        case ["quit"]:
            return "bye"
        case ["set", name, value] if value.lstrip("-").isdigit():
            state[name] = int(value)
            return "ok"
        case ["set", _, _]:
            return "not a number"
        case ["add", *names] if names:
            return sum(state.get(n, 0) for n in names)
        case ["help" | "?"]:
            return "commands: set add quit"
        case []:
            return ""
        case [unknown, *_]:
            return f"unknown command {unknown!r}"

state = {}
for line in ("set a 5", "set b -2", "set c x", "add a b a", "add", "?", "", "jump high", "quit"):
    print(repr(run(line, state)))

def run(code):
    jumps, stack = {}, []
    for i, c in enumerate(code):
        if c == "[":
            stack.append(i)
        elif c == "]":
            j = stack.pop()
            jumps[i], jumps[j] = j, i
    tape, at, ip, out = [0] * 100, 0, 0, []
    while ip < len(code):
        c = code[ip]
        if c == ">":
            at += 1
        elif c == "<":
            at -= 1
        elif c == "+":
            tape[at] = (tape[at] + 1) % 256
        elif c == "-":
            tape[at] = (tape[at] - 1) % 256
        elif c == ".":
            out.append(chr(tape[at]))
        elif c == "[" and not tape[at] or c == "]" and tape[at]:
            ip = jumps[ip]
        ip += 1
    return "".join(out)

print(run("++++++++[>+++++++++>+++++++++++++<<-]>.>+.---."))
print(run("+++++[>++++++++++<-]>---.+.+.+."))

class Machine:
    def __init__(self):
        self.stack, self.vars, self.out = [], {}, []

    def run(self, program):
        lines = [line.split() for line in program.strip().splitlines()]
        labels = {words[0][:-1]: i for i, words in enumerate(lines) if words[0].endswith(":")}
        pc = steps = 0
        while pc < len(lines):
            steps += 1
            op, *args = lines[pc]
            pc += 1
            match op, args:
                case "push", [n]:
                    self.stack.append(int(n))
                case "load", [name]:
                    self.stack.append(self.vars[name])
                case "store", [name]:
                    self.vars[name] = self.stack.pop()
                case "add" | "sub" | "mul", []:
                    b, a = self.stack.pop(), self.stack.pop()
                    self.stack.append({"add": a + b, "sub": a - b, "mul": a * b}[op])
                case "jumpif", [label] if self.stack.pop():
                    pc = labels[label]
                case "print", []:
                    self.out.append(self.stack.pop())
        return self.out, steps

print(Machine().run("""
push 1
store acc
push 10
store n
loop:
load acc
load n
mul
store acc
load n
push 1
sub
store n
load n
jumpif loop
load acc
print
"""))

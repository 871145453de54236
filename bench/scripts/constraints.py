# Incremental constraint propagation in the manner of DeltaBlue: variables, one-way
# constraints with strengths, planning and re-planning. Polymorphic calls and lists.
class Variable:
    def __init__(self, name, value=0):
        self.name = name
        self.value = value
        self.constraints = []
        self.determined_by = None
        self.mark = 0


class Constraint:
    def __init__(self, strength):
        self.strength = strength

    def inputs(self):
        return []

    def execute(self):
        pass


class Stay(Constraint):
    def __init__(self, variable, strength):
        super().__init__(strength)
        self.output = variable
        variable.constraints.append(self)


class Edit(Stay):
    def set(self, value):
        self.output.value = value


class Equal(Constraint):
    def __init__(self, source, output, strength):
        super().__init__(strength)
        self.source = source
        self.output = output
        source.constraints.append(self)
        output.constraints.append(self)

    def inputs(self):
        return [self.source]

    def execute(self):
        self.output.value = self.source.value


class Scale(Equal):
    def __init__(self, source, factor, offset, output, strength):
        self.factor = factor
        self.offset = offset
        super().__init__(source, output, strength)

    def inputs(self):
        return [self.source, self.factor, self.offset]

    def execute(self):
        self.output.value = (self.source.value * self.factor.value + self.offset.value) % 1000003


class Planner:
    def __init__(self):
        self.mark = 0

    def plan(self, sources):
        """Order the constraints that depend on the outputs of `sources`."""
        self.mark += 1
        todo = [c for c in sources]
        plan = []
        while todo:
            constraint = todo.pop()
            output = constraint.output
            if output.mark == self.mark:
                continue
            owner = output.determined_by
            if owner is not None and owner is not constraint and owner.strength > constraint.strength:
                continue
            output.determined_by = constraint
            output.mark = self.mark
            plan.append(constraint)
            for other in output.constraints:
                if other is not constraint and output in other.inputs():
                    todo.append(other)
        return plan

    def execute(self, plan):
        for constraint in plan:
            constraint.execute()


def chain(length, edits):
    planner = Planner()
    variables = [Variable(f"v{i}") for i in range(length)]
    for a, b in zip(variables, variables[1:]):
        Equal(a, b, 3)
    Stay(variables[-1], 1)
    edit = Edit(variables[0], 5)
    total = 0
    for n in range(edits):
        plan = planner.plan([edit])
        for i in range(4):
            edit.set(n * 4 + i)
            planner.execute(plan)
            total += variables[-1].value
    return total


def projection(count, edits):
    planner = Planner()
    factor, offset = Variable("factor", 10), Variable("offset", 1000)
    pairs = []
    for i in range(count):
        source, output = Variable(f"s{i}", i), Variable(f"o{i}")
        Stay(source, 2)
        Scale(source, factor, offset, output, 3)
        pairs.append((source, output))
    change_factor, change_offset = Edit(factor, 5), Edit(offset, 5)
    total = 0
    for n in range(edits):
        for edit in (change_factor, change_offset):
            edit.set(n + 3)
            planner.execute(planner.plan([edit]))
        for source, output in pairs:
            total += output.value - source.value
    return total


print(chain(2000, 450), projection(1500, 450))

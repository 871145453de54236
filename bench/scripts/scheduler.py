# An operating-system simulation in the manner of Richards: tasks with different
# behaviour exchange packets through queues under a priority scheduler.
class Packet:
    def __init__(self, kind, data):
        self.kind = kind
        self.data = data
        self.hops = 0


class Task:
    def __init__(self, system, name, priority):
        self.system = system
        self.name = name
        self.priority = priority
        self.inbox = []
        self.held = False
        self.runs = 0
        system.add(self)

    def receive(self, packet):
        packet.hops += 1
        self.inbox.append(packet)

    def runnable(self):
        return not self.held and bool(self.inbox)

    def step(self):
        self.runs += 1
        self.handle(self.inbox.pop(0))

    def rest(self, ticks):
        self.held = True
        self.system.later(ticks, self)

    def wake(self):
        self.held = False

    def handle(self, packet):
        raise NotImplementedError


class Worker(Task):
    def __init__(self, system, name, priority, target):
        super().__init__(system, name, priority)
        self.target = target
        self.sum = 0

    def handle(self, packet):
        data = packet.data
        for i in range(len(data)):
            data[i] = (data[i] * 3 + 1) & 255
            self.sum += data[i]
        self.system.send(self.target, packet)
        self.rest(4)


class Device(Task):
    def __init__(self, system, name, priority, target, delay):
        super().__init__(system, name, priority)
        self.target = target
        self.delay = delay
        self.pending = None

    def handle(self, packet):
        if self.pending is not None:
            self.system.send(self.target, self.pending)
        self.pending = packet
        self.rest(self.delay)

    def wake(self):
        super().wake()
        if self.pending is not None:
            self.system.send(self.target, self.pending)
            self.pending = None


class Router(Task):
    def __init__(self, system, name, priority, routes):
        super().__init__(system, name, priority)
        self.routes = routes
        self.turn = dict.fromkeys(routes, 0)
        self.finished = 0

    def handle(self, packet):
        if packet.hops > 40:
            self.finished += 1
            packet.hops = 0
        targets = self.routes[packet.kind]
        self.turn[packet.kind] = turn = (self.turn[packet.kind] + 1) % len(targets)
        self.system.send(targets[turn], packet)


class System:
    def __init__(self):
        self.tasks = []
        self.by_name = {}
        self.timers = []
        self.clock = 0

    def add(self, task):
        self.tasks.append(task)
        self.by_name[task.name] = task
        self.tasks.sort(key=lambda t: -t.priority)

    def send(self, name, packet):
        self.by_name[name].receive(packet)

    def later(self, delay, task):
        self.timers.append((self.clock + delay, task))

    def tick(self):
        self.clock += 1
        if self.timers and self.timers[0][0] <= self.clock:
            due = [t for t in self.timers if t[0] <= self.clock]
            self.timers = [t for t in self.timers if t[0] > self.clock]
            for _, task in due:
                task.wake()

    def run(self, steps):
        for _ in range(steps):
            self.tick()
            for task in self.tasks:
                if task.runnable():
                    task.step()
                    break


def main(steps):
    system = System()
    Router(system, "router", 5, {"work": ["w1", "w2"], "io": ["d1", "d2", "w1"]})
    Worker(system, "w1", 3, "router")
    Worker(system, "w2", 2, "router")
    Device(system, "d1", 4, "router", 3)
    Device(system, "d2", 4, "router", 5)
    for i in range(12):
        system.send("router", Packet("io" if i % 3 == 0 else "work", [i, i + 1, i + 2, i + 3]))
    system.run(steps)
    return [(t.name, t.runs) for t in system.tasks], system.by_name["router"].finished, system.by_name["w1"].sum


print(main(500000))

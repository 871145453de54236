"""Three stages joined by bounded queues: each runs in its own task, none runs far ahead."""
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync

LINES = ["10 apples", "3 pears", "x plums", "7 figs"]


def read(out):
    for line in LINES:
        out.put(line)
    out.close()


def items(queue):
    """Iterate over a queue until it is closed and empty."""
    while True:
        try:
            item = queue.get()
        except Exception:
            return
        yield item


def parse(lines, out):
    bad = 0
    for line in items(lines):
        number, name = line.split()
        if number.isdigit():
            out.put((name, int(number)))
        else:
            bad += 1
    out.close()
    return bad


lines, parsed = sync.Queue("lines", maxsize=1), sync.Queue("parsed", maxsize=1)
runtime.background("reader", read, lines)
bad = runtime.background("parser", parse, lines, parsed)
for name, number in items(parsed):
    print(name, number)
print("bad lines:", bad.get())
# expect: apples 10
# expect: pears 3
# expect: figs 7
# expect: bad lines: 1

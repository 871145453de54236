//! The run loop needs no Rust stack of its own: handlers of instructions call each other, and where the build counts on those
//! calls being jumps (`run/hot/mod.rs`), they must be.

use scriptling_vm::isolate::{Isolate, Limits, NoHost};
use scriptling_vm::library::Library;

/// Far less than a return address for each instruction would need.
const STACK: usize = 256 * 1024;

/// What the loops below use.
const DEFINITIONS: &str = "
class Point:
    def __init__(self, x, y=1):
        self.x = x
        self.y = y

    @property
    def sum(self):
        return self.x + self.y

    def scaled(self, by):
        return Point(self.x * by, y=self.y)

class Sub(Point):
    def scaled(self, by):
        return super().scaled(by)

def numbers(n):
    i = 0
    while i < n:
        yield i
        i += 1

def delegate(n):
    yield from numbers(n)

def add(a, b=2, *, c=3):
    return a + b + c

def counter():
    n = 0
    def count():
        nonlocal n
        n += 1
        return n
    return count

point, sub, count = Point(1), Sub(2), counter()
items, table, text = [1, 2.5, 'c'] * 3, {'a': 1, 2: 3, (1, 2): 4}, 'some text'
pairs = [(1, 2)] * 9
error = ValueError(1)
";

/// Bodies of loops, each of one kind of handler: between two safepoints nothing else runs, which would empty the stack.
const BODIES: &[&str] = &[
    "x = i + 1; y = x * 2.5 - i; z = (y + x) / 3; z = x // 2 % 3; x = x ** 2 & 7; y = -y",
    "x = i < 3 or i == 4 or y > 2.0 or z == 'text' or not i; x = i in items; x = i is None",
    "x = text + 'a'; x = 'a' == text; x = text[i % 3]; x = text[1:4]; x = text[::-1]; x = f'{i} {text}'",
    "x = items[i % 9]; items[i % 9] = i; items[0] = items[-1]; x = items[2:4]; items[1:3] = x",
    "x = table['a']; table[i % 7] = i; x = table[1, 2]; x = (1, i); a, b = x; a, b = b, a",
    "x = [i, a]; x = [j for j in x if j]; x = {j: j for j in x}; x = {j for j in x}",
    "x = str(i); x = len(items); x = min(i, 3); x = isinstance(i, int); x = abs(-i); x = int('12')",
    "x.append(i); y = x.pop(); z = text.upper(); z = text.startswith('so'); x = table.get('b', x)",
    "x = add(i); x = add(i, 2); x = add(i, c=4); x = count(); x = (lambda q: q + i)(3)",
    "x = point.sum; point.x = i % 5; x = point.scaled(2); x = sub.scaled(3).y; x = Point(1, y=2)",
    "x = sum(j for j in pairs[0]); x = [a + b for a, b in pairs]; x = list(zip(items, items))",
    "x = [j for j in numbers(3)]; x = [j for j in delegate(3)]; x = sum(numbers(2)); x = sorted(items[3:5])",
    "x = [c for c in text]; x = [c for c in table]; x = [c for c in table.items()]; x = max([i, 3])",
];

#[test]
fn millions_of_instructions_run_on_a_small_stack() {
    for body in BODIES {
        let source = format!(
            "{DEFINITIONS}\ndef run(n):\n    a = b = y = 1\n    z, x = '', []\n    for i in range(n):\n        {body}\nrun(40000)\n"
        );
        let run = move || {
            let mut isolate = Isolate::new(Library::builder().build(), Box::new(NoHost), Limits::default());
            isolate.run_source("small_stack.py", &source).map(drop)
        };
        let thread = std::thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread starts");
        if let Err(error) = thread.join().expect("it does not panic") {
            panic!("{body}: {error}");
        }
    }
}

//! The run loop needs no Rust stack of its own: handlers of instructions call each other, and where the build counts on those
//! calls being jumps (`run/hot/mod.rs`), they must be.

use scriptling_vm::isolate::{Isolate, Limits, NoHost};
use scriptling_vm::library::Library;

/// Less than one return address for each instruction of the script would need.
const STACK: usize = 512 * 1024;

/// Every kind of handler that programs spend time in, a few million instructions between two safepoints.
const SCRIPT: &str = "
class Point:
    def __init__(self, x, y=1):
        self.x = x
        self.y = y

    @property
    def sum(self):
        return self.x + self.y

    def scaled(self, by):
        return Point(self.x * by, y=self.y)

def numbers(n):
    for i in range(n):
        yield i, i + 0.5

def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

def run(n):
    items, table, text, total = [0] * 10, {}, '', 0
    for i, half in numbers(n):
        items[i % 10] = i
        table[i % 7] = items[i % 10] + half
        point = Point(i).scaled(2)
        total += point.sum + table[i % 7] * 1.5 - items[0]
        if str(i % 3) == '2' and not total < 0 or i in table:
            text = text[-5:] + 'x'
        a, b = i, [j for j in (1, 2, 3) if j != 2]
        total -= len(b)
        while b:
            b.pop()
        try:
            if i % 5 == 0:
                raise ValueError(i)
        except ValueError as e:
            total += e.args[0]
    return text, fib(18)

result = run(60000)
";

#[test]
fn millions_of_instructions_run_on_a_small_stack() {
    let run = || {
        let mut isolate = Isolate::new(Library::builder().build(), Box::new(NoHost), Limits::default());
        isolate.run_source("small_stack.py", SCRIPT).map(drop)
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread starts");
    thread.join().expect("it does not panic").expect("the script ends well");
}

//! Several fibers in one isolate, started by a native as the runtime's `background(shared=True)` does.

use std::any::Any;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Wake, Waker};

use scriptling_vm::error::{Error, ExcClass, Raise};
use scriptling_vm::heap::data::HostData;
use scriptling_vm::heap::{Dict, HostObject};
use scriptling_vm::isolate::{Host, Isolate, Limits, Slice, Stream};
use scriptling_vm::library::Library;
use scriptling_vm::native::{Cx, ModuleBuilder, NativeModule, NativeResult, Outcome};
use scriptling_vm::portable::{HostHandle, Portable};
use scriptling_vm::run::strands::FiberObserver;
use scriptling_vm::value::Value;

/// What a script sees of a fiber that it has started.
#[derive(Default)]
struct Strand {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waker: Option<Waker>,
    interrupt: Option<(ExcClass, &'static str)>,
    ended: Option<Result<(), String>>,
    waiters: Vec<Waker>,
}

impl FiberObserver for Strand {
    fn started(&self, waker: Waker) {
        self.state.lock().expect("no panic").waker = Some(waker);
    }
    fn take_interrupt(&self) -> Option<(ExcClass, &'static str)> {
        self.state.lock().expect("no panic").interrupt.take()
    }
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
    fn ended(self: Arc<Self>, result: Result<Result<Portable, String>, Error>) {
        let mut state = self.state.lock().expect("no panic");
        assert!(state.ended.is_none(), "once");
        state.ended = Some(result.map(|_| ()).map_err(|error| error.to_string()));
        state.waiters.drain(..).for_each(Waker::wake);
    }
}

impl HostHandle for Strand {
    fn class(&self) -> (&'static str, &'static str) {
        ("strands", "Strand")
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct Strands;

impl NativeModule for Strands {
    fn name(&self) -> &'static str {
        "strands"
    }
    fn define(&self, module: &mut ModuleBuilder<'_>) {
        module
            .class("Strand", "A fiber.")
            .raw("get(self, /)", "Its result.", get)
            .raw("cancel(self, /)", "Raise CancelledError in it.", cancel)
            .finish();
        module.raw("spawn(function, /, *args, **kwargs)", "Start a fiber.", spawn).raw(
            "park()",
            "Wait for ever.",
            |_, _| Ok(Outcome::wait(|_, _| Poll::Pending)),
        );
    }
}

fn strand(cx: &Cx<'_>, value: Value) -> Arc<Strand> {
    let Some(object) = value.as_gc::<HostObject>() else { panic!("not a strand") };
    let HostData::Shared(handle) = &object.get(cx.heap()).data else { panic!("not a strand") };
    let handle: Arc<dyn Any + Send + Sync> = handle.clone();
    handle.downcast().expect("a strand")
}

fn spawn(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let strand = Arc::new(Strand::default());
    let positional = cx.sequence(args[1]).unwrap_or_default();
    let named = args[2]
        .as_gc::<Dict>()
        .map_or_else(Vec::new, |dict| dict.get(cx.heap()).table.iter().map(|entry| (entry.key, entry.value)).collect());
    cx.spawn_fiber(args[0], &positional, named, strand.clone())?;
    let class = cx.library_class("strands", "Strand").expect("registered");
    Ok(Outcome::Return(cx.heap_mut().value(HostObject { class, data: HostData::Shared(strand) })))
}

fn get(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let strand = strand(cx, args[0]);
    Ok(Outcome::wait(move |cx, waker| {
        if let Some(result) = cx.fiber_result(&*strand) {
            return Poll::Ready(result.map(Outcome::Return));
        }
        let mut state = strand.state.lock().expect("no panic");
        if let Some(Err(error)) = &state.ended {
            return Poll::Ready(Err(Raise::new(ExcClass::RuntimeError, error.clone())));
        }
        state.waiters.push(waker.clone());
        Poll::Pending
    }))
}

fn cancel(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let strand = strand(cx, args[0]);
    let mut state = strand.state.lock().expect("no panic");
    state.interrupt = Some((ExcClass::CancelledError, "no more of this"));
    let waker = state.waker.clone();
    drop(state);
    waker.into_iter().for_each(Waker::wake);
    Ok(Outcome::Return(Value::NONE))
}

/// Collects what is printed.
#[derive(Clone, Default)]
struct Printed(Arc<Mutex<String>>);

impl Host for Printed {
    fn write(&mut self, _stream: Stream, text: &str) {
        self.0.lock().expect("no panic").push_str(text);
    }
}

/// Says whether it was woken.
#[derive(Default)]
struct Flag(std::sync::atomic::AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, std::sync::atomic::Ordering::SeqCst);
    }
}

/// Runs a program in slices of so much fuel; what it printed, and how it ended.
fn run(text: &str, fuel: u64, gc_stress: bool) -> (String, Result<(), Error>) {
    let printed = Printed::default();
    let library = Library::builder().module(Strands).build();
    let mut isolate = Isolate::new(library, Box::new(printed.clone()), Limits::default());
    isolate.set_gc_stress(gc_stress);
    let unit = isolate.compile("test.py", text).expect("it compiles");
    isolate.start_main(unit).expect("it starts");
    let flag = Arc::new(Flag::default());
    let waker = Waker::from(flag.clone());
    let result = loop {
        match isolate.run(fuel, &waker) {
            Slice::Done(_) => break Ok(()),
            Slice::Failed(error) => break Err(error),
            Slice::OutOfFuel => {}
            Slice::Parked => {
                let woken = flag.0.swap(false, std::sync::atomic::Ordering::SeqCst);
                assert!(woken, "parked for ever; printed so far: {}", printed.0.lock().expect("no panic"));
            }
        }
    };
    let text = printed.0.lock().expect("no panic").clone();
    (text, result)
}

/// The same in all modes; they must print the same, in any order of lines.
fn check(text: &str, expected: &str) {
    for (fuel, stress) in [(1, false), (3, true), (1000, false), (1_000_000, true)] {
        let (printed, result) = run(text, fuel, stress);
        assert!(result.is_ok(), "{result:?}");
        assert_eq!(printed, expected, "with {fuel} fuel");
    }
}

#[test]
fn fibers_share_objects_and_lose_nothing_between_safepoints() {
    check(
        "\
from strands import spawn
counter = 0
seen = []
def work(n, step=1):
    global counter
    for _ in range(n):
        counter = counter + step
        seen.append(n)
    return seen
fibers = [spawn(work, 100, step=2) for _ in range(20)]
results = [f.get() for f in fibers]
print(counter, len(seen), all(r is seen for r in results))
",
        "4000 2000 True\n",
    );
}

#[test]
fn an_exception_is_the_same_object_on_both_sides() {
    check(
        "\
from strands import spawn
class Oops(Exception):
    pass
oops = Oops('here')
def fail():
    raise oops
try:
    spawn(fail).get()
except Oops as e:
    print(e is oops, e)
print([spawn(len, x).get() for x in ('', 'ab')], spawn(Oops, 1).get().args)
",
        "True here\n[0, 2] (1,)\n",
    );
}

#[test]
fn a_busy_fiber_does_not_keep_others_from_running() {
    let text = "\
from strands import spawn
stop = False
def busy():
    n = 0
    while not stop:
        n += 1
    return n > 0
def other():
    global stop
    stop = True
fibers = [spawn(busy), spawn(busy), spawn(other)]
print([f.get() for f in fibers])
";
    check(text, "[True, True, None]\n");
}

#[test]
fn fibers_are_cancelled_when_asked_and_at_the_end_of_the_main_one() {
    check(
        "\
from strands import spawn, park
log = []
def waits(name):
    try:
        park()
    except BaseException as e:
        log.append(f'{name}: {type(e).__name__}: {e}')
        raise
    finally:
        log.append(f'{name} cleaned up')
        if name == 'b':
            print(log)
def loops():
    while True:
        pass
a = spawn(waits, 'a')
l = spawn(loops)
def main():
    yield_now()
    a.cancel()
    l.cancel()
    for f in (a, l):
        try:
            f.get()
        except BaseException as e:
            print(type(e).__name__, e)
main()
b = spawn(waits, 'b')
yield_now()
yield_now()
",
        "CancelledError no more of this\nCancelledError no more of this\n\
         ['a: CancelledError: no more of this', 'a cleaned up', \
         'b: CancelledError: the task that it belongs to has ended', 'b cleaned up']\n",
    );
}

/// The end of the main fiber finds the other at every point of its way to a wait, with much fuel left after that.
#[test]
fn a_fiber_that_is_cancelled_in_the_middle_of_a_turn_does_not_park() {
    const TEXT: &str = "\
from strands import spawn, park
def waits():
    try:
        for n in range(5):
            pass
        park()
    finally:
        print('cleaned up')
spawn(waits)
yield_now()
";
    let mut cleaned_up = 0;
    for fuel in 1..12 {
        let printed = Printed::default();
        let library = Library::builder().module(Strands).pauses(true).build();
        let mut isolate = Isolate::new(library, Box::new(printed.clone()), Limits::default());
        let unit = isolate.compile("test.py", TEXT).expect("it compiles");
        isolate.start_main(unit).expect("it starts");
        let mut slice = isolate.run(fuel, Waker::noop());
        while matches!(slice, Slice::OutOfFuel) {
            slice = isolate.run(1_000_000, Waker::noop());
        }
        assert!(matches!(slice, Slice::Done(_)), "with {fuel} fuel at first: {slice:?}");
        cleaned_up += printed.0.lock().expect("no panic").matches("cleaned up").count();
    }
    assert!(cleaned_up > 4, "it is cancelled before it has begun, all but {cleaned_up} times");
}

#[test]
fn the_main_fibers_failure_is_the_programs() {
    let (printed, result) = run(
        "\
from strands import spawn, park
def cleanup():
    try:
        park()
    finally:
        print('cleaned up')
spawn(cleanup)
yield_now()
raise ValueError('main')
",
        1000,
        false,
    );
    assert_eq!(printed, "cleaned up\n");
    assert_eq!(result.expect_err("it raises").class(), "ValueError");
}

#[test]
fn ten_thousand_fibers_come_and_go() {
    check(
        "\
from strands import spawn
def one(n):
    yield_now()
    return n
total = 0
for batch in range(10):
    fibers = [spawn(one, n) for n in range(200)]
    total += sum(f.get() for f in fibers)
print(total)
",
        "199000\n",
    );
}

const MIB: usize = 1024 * 1024;

#[test]
fn what_fibers_take_counts_as_memory() {
    let text = "\
from strands import spawn, park
def deep(n):
    if n:
        return deep(n - 1)
    park()
fibers = []
for _ in range(1000):
    fibers.append(spawn(deep, 900))
    yield_now()
";
    let most_with = |limit: usize| {
        let library = Library::builder().module(Strands).build();
        let limits = Limits { memory: limit, ..Limits::default() };
        let mut isolate = Isolate::new(library, Box::new(Printed::default()), limits);
        let unit = isolate.compile("test.py", text).expect("it compiles");
        isolate.start_main(unit).expect("it starts");
        let mut most = 0;
        loop {
            match isolate.run(1000, Waker::noop()) {
                Slice::Failed(error) => {
                    assert_eq!(error.class(), "MemoryError");
                    return most;
                }
                Slice::Done(_) => return most,
                Slice::OutOfFuel | Slice::Parked => most = most.max(isolate.memory_used()),
            }
        }
    };
    let (free, limited) = (most_with(512 * MIB), most_with(16 * MIB));
    assert!(free > 40 * MIB, "{free} bytes for a thousand fibers of 900 frames");
    assert!(limited < 24 * MIB, "{limited} bytes, whoever of them got the MemoryError");
}

#[test]
fn what_waits_for_a_dropped_isolate_hears_of_it() {
    let library = Library::builder().module(Strands).build();
    let mut isolate = Isolate::new(library, Box::new(Printed::default()), Limits::default());
    let unit = isolate.compile("test.py", "pass").expect("it compiles");
    isolate.start_main(unit).expect("it starts");
    let strand = Arc::new(Strand::default());
    isolate.with_cx(|cx| {
        let callee = cx.library_class("strands", "Strand").map(Value::obj).expect("registered");
        cx.spawn_fiber(callee, &[], Vec::new(), strand.clone()).expect("there is room");
    });
    drop(isolate);
    let ended = strand.state.lock().expect("no panic").ended.clone();
    assert!(matches!(ended, Some(Err(message)) if message.contains("ended before it was finished")));
}

//! Tasks, end to end: programs under the real pool, scheduler and task code, on threads that shuttle runs.

use std::io::Write;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use scriptling_syntax::Source;
use scriptling_vm::code::Unit;
use scriptling_vm::error::ExcClass;
use scriptling_vm::library::Library;

use super::{explore, join, start};
use crate::primitives::Mutex;
use crate::{Builder, Output, Runtime};

/// Schedules per program, way to start threads, and strategy.
const RUNS: usize = 1000;

#[derive(Clone, Default)]
pub(super) struct Sink(Arc<Mutex<String>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().push_str(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Sink {
    pub(super) fn text(&self) -> String {
        self.0.lock().clone()
    }
}

/// The builtins and modules: immutable, so one for all schedules.
fn library() -> Arc<Library> {
    static LIBRARY: OnceLock<Arc<Library>> = OnceLock::new();
    LIBRARY.get_or_init(|| Library::builder().boxed_modules(crate::modules::all()).build()).clone()
}

pub(super) fn compile(text: &str) -> Arc<Unit> {
    let text = format!("import scriptling.runtime as runtime\nimport scriptling.runtime.sync as sync\n{text}");
    let source = Arc::new(Source::new("test.py", text));
    let unit = scriptling_vm::run::start::compile_source(&library(), source, None, false);
    Arc::new(unit.unwrap_or_else(|errors| panic!("{}", errors.rendered)))
}

/// A runtime that is being tested, and what it writes.
pub(super) struct Stage {
    pub(super) runtime: Arc<Runtime>,
    pub(super) out: Sink,
    pub(super) err: Sink,
}

pub(super) fn stage(builder: Builder) -> Stage {
    let (out, err) = (Sink::default(), Sink::default());
    let output = Output::new(Box::new(out.clone()), Box::new(err.clone()), false);
    let runtime = builder.output(output).build(library()).expect("threads can be started");
    Stage { runtime: Arc::new(runtime), out, err }
}

/// Runs a program on two threads, which it may have from the beginning or start with its first task, under `runs` schedules
/// each, and passes what it has written to `check` (standard output and error).
pub(super) fn programs(runs: usize, text: &str, check: impl Fn(&str, &str) + Clone + Send + Sync + 'static) {
    let unit = compile(text);
    for here in [false, true] {
        let (unit, check) = (unit.clone(), check.clone());
        explore(runs, move || {
            let stage = stage(Runtime::builder().workers(2).run_main_here(here));
            let result = stage.runtime.run_main(unit.clone());
            drop(stage.runtime);
            assert!(result.is_ok(), "{result:?}");
            check(&stage.out.text(), &stage.err.text());
        });
    }
}

/// The same for a program that prints something and has nothing to say on standard error.
pub(super) fn prints(runs: usize, text: &str, expected: &'static str) {
    programs(runs, text, move |out, err| assert_eq!((out, err), (expected, "")));
}

#[test]
fn all_who_wait_for_a_task_see_its_end() {
    let text = "
def work():
    return 7
p = runtime.run(work)
waiting = [runtime.run(lambda: p.get()) for _ in range(2)]
print(p.get() + sum(w.get() for w in waiting))
";
    prints(RUNS, text, "21\n");
}

#[test]
fn tasks_that_wake_each_other_lose_no_wake_up() {
    let text = "
def echo():
    for _ in range(3):
        sync.Queue('pong', maxsize=1).put(sync.Queue('ping', maxsize=1).get())
    return 'end'
p = runtime.run(echo)
total = 0
for n in range(3):
    sync.Queue('ping', maxsize=1).put(n)
    total += sync.Queue('pong', maxsize=1).get()
print(total, p.get())
";
    prints(RUNS, text, "3 end\n");
}

#[test]
fn of_many_that_are_woken_at_once_all_run() {
    // Enough for workers to take some ahead, and to take them over from each other.
    let text = "
def waits():
    sync.WaitGroup('parked').done()
    sync.Event('go').wait()
    sync.Atomic('ran').add(1)
sync.WaitGroup('parked').add(24)
tasks = [runtime.run(waits) for _ in range(24)]
sync.WaitGroup('parked').wait()
sync.Event('go').set()
for task in tasks:
    task.get()
print(sync.Atomic('ran').get())
";
    prints(RUNS, text, "24\n");
}

#[test]
fn a_task_cancelled_while_it_waits_for_a_condition_leaves_its_lock_free() {
    let text = "
c = sync.Condition('c')
def waits():
    with c:
        sync.Event('inside').set()
        c.wait()
p = runtime.run(waits)
sync.Event('inside').wait()
p.cancel()
with c:
    c.notify()
try:
    p.get()
except BaseException as e:
    print(type(e).__name__, c.lock)
else:
    # It was told in time, and had nothing left to do.
    print('ended', c.lock)
";
    programs(RUNS / 2, text, |out, err| {
        let (how, lock) = out.split_once(' ').expect("two words");
        assert!(matches!(how, "CancelledError" | "ended"), "{out}");
        assert_eq!((lock, err), ("<RLock 'c' free>\n", ""));
    });
}

#[test]
fn a_task_that_ends_with_a_lock_hands_it_to_whoever_waits() {
    let text = "
def ends():
    sync.Lock('l').acquire()
def waits():
    return sync.Lock('l').acquire(), sync.Lock('l').release()
tasks = [runtime.run(f) for f in (ends, waits, ends, waits)]
print([t.get() for t in tasks], sync.Lock('l').locked())
";
    programs(RUNS / 2, text, |out, err| {
        assert_eq!(out, "[None, (True, None), None, (True, None)] False\n");
        assert_eq!(err, "scriptling: task 'ends' ended while it held lock 'l', which was released\n".repeat(2));
    });
}

#[test]
fn tasks_that_are_preempted_go_on() {
    // More than a step of fuel in each: whether a slice is over then, the model's clock decides.
    let text = "
def work(n):
    for i in range(6000):
        n += 1
    return n
group = [runtime.run(work, n) for n in range(2)]
ping = runtime.run(lambda: sync.Queue('q').get())
work(0)
sync.Queue('q').put(1)
work(0)
print(ping.get() + sum(g.get() for g in group))
";
    prints(RUNS / 4, text, "12002\n");
}

#[test]
fn two_tasks_woken_in_one_turn_both_run() {
    let text = "
def wait():
    sync.WaitGroup('g').wait()
    return 1
sync.WaitGroup('g').add(1)
waiting = [runtime.run(wait) for _ in range(3)]
sync.WaitGroup('g').done()
print(sum(w.get() for w in waiting))
";
    prints(RUNS, text, "3\n");
}

#[test]
fn a_cancelled_task_ends_once_and_its_item_goes_on() {
    let text = "
def consume():
    return sync.Queue('q').get()
a = runtime.run(consume)
b = runtime.run(consume)
sync.Queue('q').put('item')
a.cancel()
try:
    sync.Queue('q').put(a.get())
except BaseException as e:
    assert type(e).__name__ == 'CancelledError', e
print(b.get(), sync.Queue('q').size())
";
    prints(RUNS, text, "item 0\n");
}

#[test]
fn an_update_whose_task_is_cancelled_unlocks() {
    let text = "
def stuck(value):
    sync.Queue('never').get()
def hold():
    sync.Shared('s', 1).update(stuck)
p = runtime.run(hold)
q = runtime.run(lambda: sync.Shared('s', 1).update(lambda v: v + 1))
p.cancel()
print(q.get(), sync.Shared('s', 1).get())
";
    // The cancelled task may still be about to end, which the end of the program then says.
    programs(RUNS, text, |out, _| assert_eq!(out, "2 2\n"));
}

#[test]
fn a_failure_nobody_looks_at_is_reported_once() {
    let text = "
def fail():
    raise ValueError('unseen')
p = runtime.background('doomed', fail)
other = runtime.run(lambda: 1)
other.wait()
del p
";
    programs(RUNS, text, |_, err| {
        // It may not have begun when the program ends, and is cancelled then.
        let (reported, cancelled) = (err.matches("ValueError: unseen").count(), err.matches("cancelled at").count());
        assert!(reported == 1 || (reported == 0 && cancelled == 1), "{err}");
    });
}

#[test]
fn a_failure_is_reported_although_its_task_has_just_ended() {
    // The program ends as soon as the failing task has said that it will: it is left over, or reported, never forgotten.
    let text = "
def fail():
    try:
        raise ValueError('unseen')
    finally:
        sync.Queue('q').put(1)
p = runtime.background('doomed', fail)
sync.Queue('q').get()
";
    programs(RUNS, text, |_, err| {
        let (reported, cancelled) = (err.matches("ValueError: unseen").count(), err.matches("cancelled at").count());
        assert!(reported == 1 || (reported == 0 && cancelled == 1), "{err}");
    });
}

#[test]
fn a_failure_that_is_seen_is_not_reported() {
    let text = "
def fail():
    raise ValueError('seen')
p = runtime.run(fail)
def look():
    try:
        p.get()
    except ValueError:
        return 1
others = [runtime.run(look) for _ in range(2)]
print(look() + sum(o.get() for o in others))
";
    prints(RUNS, text, "3\n");
}

#[test]
fn what_is_left_at_the_end_is_cancelled_and_cleans_up() {
    let text = "
def left():
    try:
        sync.Queue('never').get()
    finally:
        print('finally')
def begin():
    sync.Queue('ready').put(1)
    left()
p = runtime.background('left over', begin)
sync.Queue('ready').get()
";
    programs(RUNS, text, |out, err| {
        assert_eq!(err.matches("'left over'").count(), 1, "{err}");
        assert!(out == "finally\n" || out.is_empty(), "{out}");
    });
}

#[test]
fn a_task_that_is_started_while_the_program_ends_is_cancelled_too() {
    let text = "
def child():
    try:
        print('begun')
        sync.Queue('never').get()
    finally:
        print('finally')
def parent():
    sync.Queue('ready').put(1)
    runtime.run(child)
runtime.run(parent)
sync.Queue('ready').get()
";
    // Who is killed instead, after a while, has no chance to clean up.
    programs(RUNS, text, |out, err| {
        assert!(out.matches("finally").count() >= out.matches("begun").count(), "{out}{err}");
    });
    // What that depends on, where the moment is hit often.
    explore(RUNS, || {
        let stage = stage(Runtime::builder().workers(1));
        let inner = stage.runtime.inner().clone();
        let starting = {
            let inner = inner.clone();
            start(move || inner.new_task("t".into(), false, None))
        };
        inner.close();
        let known = inner.live();
        let task = join([starting]).remove(0);
        assert!(task.is_asked_to_end() || !known.is_empty(), "the end knows of it, or it knows of the end");
        inner.task_ended(&task);
    });
}

#[test]
fn tasks_that_go_on_after_being_cancelled_are_killed_and_pass_on_what_they_had() {
    let unit = compile(
        "
def stubborn():
    while True:
        try:
            sync.Queue('never').get()
        except BaseException:
            sync.Queue('seen').put(1)
for _ in range(2):
    runtime.run(stubborn)
",
    );
    explore(RUNS, move || {
        let stage = stage(Runtime::builder().workers(2).grace(Duration::ZERO));
        stage.runtime.run_main(unit.clone()).expect("the program itself ends");
        assert_eq!(stage.runtime.live_tasks(), 0);
        assert_eq!(stage.err.text().matches("2 tasks were cancelled").count(), 1, "{}", stage.err.text());
    });
}

#[test]
fn an_interrupt_reaches_a_program_that_waits() {
    let unit = compile("sync.Queue('never').get()\n");
    for here in [false, true] {
        let unit = unit.clone();
        explore(RUNS, move || {
            let stage = stage(Runtime::builder().workers(1).run_main_here(here));
            let (runtime, unit) = (stage.runtime.clone(), unit.clone());
            let running = start(move || runtime.run_main(unit).expect_err("it waits for ever").class().to_owned());
            // Until it is there to be interrupted.
            while stage.runtime.live_tasks() == 0 {
                crate::primitives::thread::yield_now();
            }
            stage.runtime.interrupt();
            assert_eq!(join([running]), [ExcClass::KeyboardInterrupt.name()]);
        });
    }
}

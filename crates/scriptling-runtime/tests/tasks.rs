//! Programs with tasks, run in this process on one and on several threads, with their output captured.

use std::io::Write;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use scriptling_runtime::{Builder, DEADLOCK, Output, Runtime, TaskLimits, modules};
use scriptling_syntax::Source;
use scriptling_vm::error::{Error, ExcClass};
use scriptling_vm::library::Library;
use scriptling_vm::native::{ModuleBuilder, NativeModule};
use scriptling_vm::portable::Portable;

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no test panics while it writes").extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Sink {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("no test panics while it writes")).into_owned()
    }
}

/// How often `tick` has been called since `hold` has last seen enough.
static TICKS: (Mutex<i64>, Condvar) = (Mutex::new(0), Condvar::new());

/// A native that panics, one that blocks its thread elsewhere, and one that does so where it is.
struct Extra;

impl NativeModule for Extra {
    fn name(&self) -> &'static str {
        "extra"
    }
    fn define(&self, module: &mut ModuleBuilder<'_>) {
        module
            .function("boom()", "", || -> i64 { panic!("a bug of ours") })
            .function("blocking(n)", "", |n: i64| scriptling_runtime::offload(move || Ok(Portable::int(n * 2))))
            .function("tick()", "", || {
                *TICKS.0.lock().expect("no test panics while it ticks") += 1;
                TICKS.1.notify_all();
            })
            .function("hold(ticks)", "", |ticks: i64| -> bool {
                let count = TICKS.0.lock().expect("no test panics while it ticks");
                let (mut count, waited) = TICKS
                    .1
                    .wait_timeout_while(count, Duration::from_secs(20), |count| *count < ticks)
                    .expect("no test panics while it ticks");
                *count = 0;
                !waited.timed_out()
            })
            .function("slow()", "", || {
                scriptling_runtime::offload(|| {
                    (0..10_000).for_each(|_| std::thread::yield_now());
                    Ok(Portable::int(1))
                })
            });
    }
}

struct Run {
    result: Result<Portable, Error>,
    out: String,
    err: String,
}

fn run_with(builder: Builder, text: &str) -> Run {
    let (out, err) = (Sink::default(), Sink::default());
    let output = Output::new(Box::new(out.clone()), Box::new(err.clone()), false);
    let library = Library::builder().boxed_modules(modules::all()).module(Extra).build();
    let source = Arc::new(Source::new("test.py", text));
    let unit = scriptling_vm::run::start::compile_source(&library, source, None, false);
    let unit = unit.unwrap_or_else(|errors| panic!("{}", errors.rendered));
    let runtime = builder.output(output).build(library).expect("threads can be started");
    let result = runtime.run_main(Arc::new(unit));
    drop(runtime);
    Run { result, out: out.text(), err: err.text() }
}

/// Runs on one thread and on three, and compares what is printed.
fn prints(text: &str, expected: &str) {
    for workers in [1, 3] {
        let run = run_with(Runtime::builder().workers(workers), text);
        if let Err(error) = &run.result {
            panic!("{workers} workers: {error:?}\n{}", run.err);
        }
        assert_eq!(run.out, expected, "{workers} workers; stderr: {}", run.err);
    }
}

#[test]
fn consumers_that_wait_do_not_keep_the_producer_from_running() {
    let text = "
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync
def consume():
    return sync.Queue('q').get()
def produce():
    for n in range(64):
        sync.Queue('q').put(n)
consumers = [runtime.run(consume) for _ in range(64)]
runtime.run(produce)
print(sorted(c.get() for c in consumers) == list(range(64)))
";
    prints(text, "True\n");
}

#[test]
fn update_unlocks_when_it_raises_when_it_parks_and_when_it_is_cancelled() {
    let text = "
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync
s = sync.Shared('s', 1)
def bad(value):
    raise ValueError('no')
def stuck(value):
    sync.Queue('in').put(1)
    sync.Queue('never').get()
def hold():
    sync.Shared('s').update(stuck)
try:
    s.update(bad)
except ValueError as e:
    print(e, s.get())
p = runtime.run(hold)
sync.Queue('in').get()
waiting = runtime.run(lambda: sync.Shared('s').update(lambda v: v + 1))
print(waiting.done(), s.get())
p.cancel()
print(waiting.get(), s.get())
try:
    s.update(lambda v: s.update(lambda w: 5))
except RuntimeError as e:
    print('already' in str(e), s.get())
";
    prints(text, "no 1\nFalse 1\n2 2\nTrue 2\n");
}

#[test]
fn cancelled_tasks_run_their_finally_and_lose_no_item() {
    let text = "
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync
def consume():
    sync.Queue('ready').put(1)
    try:
        return sync.Queue('q').get()
    finally:
        sync.Queue('log').put('finally')
a = runtime.run(consume)
b = runtime.run(consume)
sync.Queue('ready').get(); sync.Queue('ready').get()
a.cancel()
print(sync.Queue('log').get())
sync.Queue('q').put('item')
print(b.get())
try:
    a.get()
except BaseException as e:
    print(type(e).__name__)
";
    prints(text, "finally\nitem\nCancelledError\n");
}

#[test]
fn a_panic_in_a_native_ends_its_task_only() {
    let text = "
import scriptling.runtime as runtime, extra
try:
    runtime.run(extra.boom).get()
except SystemError as e:
    print('a bug of ours' in str(e))
print(extra.blocking(21))
";
    prints(text, "True\n42\n");
}

#[test]
fn failures_nobody_looked_at_are_reported_once_and_cancelled_tasks_are_named() {
    let text = "
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync
def fail(seen):
    raise ValueError('unseen' if not seen else 'seen')
lost = runtime.background('doomed worker', fail, False)
seen = runtime.run(fail, True)
try:
    seen.get()
except ValueError:
    pass
while not lost.done():
    pass
runtime.background('left over', lambda: sync.Queue('never').get())
";
    for workers in [1, 3] {
        let run = run_with(Runtime::builder().workers(workers), text);
        assert!(run.result.is_ok());
        assert_eq!(run.err.matches("ValueError: unseen").count(), 1, "{}", run.err);
        assert!(run.err.contains("doomed worker") && run.err.contains("'left over'"), "{}", run.err);
        assert!(!run.err.contains("ValueError: seen"), "{}", run.err);
    }
}

#[test]
fn limits_end_what_does_not_end_by_itself() {
    let limit = || Runtime::builder().workers(1).time_limit(Duration::from_millis(100));
    let run = run_with(limit(), "while True:\n    try:\n        pass\n    except Exception:\n        pass\n");
    assert_eq!(run.result.expect_err("it is endless").class(), ExcClass::TimeLimitExceeded.name());
    let run = run_with(limit(), "import time\ntime.sleep(1000)\n");
    assert_eq!(run.result.expect_err("it sleeps").class(), ExcClass::TimeLimitExceeded.name());
    // A task that refuses to end does not keep the program from ending.
    let text = "
import scriptling.runtime as runtime
def stubborn():
    while True:
        try:
            while True: pass
        except BaseException: pass
runtime.run(stubborn)
";
    let run = run_with(Runtime::builder().workers(2).grace(Duration::from_millis(50)), text);
    assert!(run.result.is_ok());
}

#[test]
fn many_tasks_with_many_primitives_agree() {
    let text = "
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync
import scriptling.runtime.kv as kv
def work(n):
    for i in range(20):
        sync.Atomic('a').add()
        sync.Shared('s', 0).update(lambda v: v + 1)
        kv.incr('k')
        sync.Queue('q', maxsize=3).put(n)
    sync.WaitGroup('g').done()
def drain(n):
    total = 0
    for _ in range(n):
        total += sync.Queue('q', maxsize=3).get()
    return total
group = sync.WaitGroup('g')
group.add(100)
drains = [runtime.run(drain, 500) for _ in range(4)]
tasks = [runtime.run(work, n) for n in range(100)]
group.wait(timeout=60)
print(sum(d.get() for d in drains), sync.Atomic('a').get(), sync.Shared('s').get(), kv.get('k'))
";
    prints(text, "99000 2000 2000 2000\n");
}

#[test]
fn files_of_stores_are_opened_only_if_the_host_allows_it() {
    let folder = tempfile::tempdir().expect("there is a place for files");
    let path = folder.path().join("x.db");
    let text = format!(
        "
import scriptling.runtime.kv as kv
try:
    print(kv.open({path:?}).set('k', 1))
except PermissionError as e:
    print('denied', kv.open(':memory:x').set('k', 1))
"
    );
    prints(&text, "denied True\n");
    assert!(!path.exists());
    let run = run_with(Runtime::builder().workers(1).kv_files(true), &text);
    assert_eq!((run.out.as_str(), path.exists()), ("True\n", true));
}

#[test]
fn a_task_that_is_cancelled_before_it_starts_does_not_start() {
    let text = "
import scriptling.runtime as runtime
def work():
    print('started')
runtime.run(int).get()
p = runtime.run(work)
p.cancel()
try:
    p.get()
except CancelledError as e:
    print(e, p.cancelled())
";
    let run = run_with(Runtime::builder().workers(1), text);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("the task was cancelled True\n", ""));
}

#[test]
fn hosts_cap_what_scripts_ask_for() {
    let text = "
import scriptling.runtime as runtime
def spin():
    while True:
        pass
def starter():
    return runtime.run(spin, limits=runtime.Limits(fuel=1 << 60)).exception()
for limits in [runtime.Limits(fuel=1 << 60), runtime.Limits(seconds=3600)]:
    print(type(runtime.run(spin, limits=limits).exception()).__name__)
print(type(runtime.run(starter).get()).__name__, type(runtime.run(spin).exception()).__name__)
";
    let limits = TaskLimits { fuel: Some(100_000), ..TaskLimits::default() };
    let run = run_with(Runtime::builder().workers(2).task_limits(limits), text);
    assert!(run.result.is_ok(), "{:?}", run.result);
    assert_eq!(run.out, "FuelExhausted\nFuelExhausted\nFuelExhausted FuelExhausted\n");
}

#[test]
fn a_deadlock_is_an_error_of_the_program_only_if_the_host_wants_that() {
    let text = "
import scriptling.runtime.sync as sync
sync.Queue('never').get()
";
    for here in [true, false] {
        let builder = Runtime::builder().workers(1).run_main_here(here).detect_deadlocks(true);
        let error = run_with(builder, text).result.expect_err("nobody puts anything there");
        assert_eq!(error.class(), DEADLOCK);
        assert!(error.rendered().contains("Task 'main' waits for queue 'never' (get)"), "{error:?}");
        // Nothing is left of it for the next program.
        let builder = Runtime::builder().workers(1).run_main_here(here);
        let limited = run_with(builder.time_limit(Duration::from_millis(20)), text).result.expect_err("it is limited");
        assert_eq!(limited.class(), "TimeLimitExceeded");
    }
}

#[test]
fn work_on_other_threads_is_waited_for() {
    let text = "
import extra
import scriptling.runtime as runtime
def work(n):
    return extra.blocking(n)
print(runtime.gather(*[runtime.run(work, n) for n in range(20)]) == [n * 2 for n in range(20)])
";
    for workers in [1, 2] {
        let run = run_with(Runtime::builder().workers(workers).detect_deadlocks(true), text);
        assert_eq!(run.out, "True\n", "{}", run.err);
    }
}

#[test]
fn a_runtime_runs_another_program_after_one_with_schedules_or_a_deadlock() {
    let (out, err) = (Sink::default(), Sink::default());
    let output = Output::new(Box::new(out.clone()), Box::new(err.clone()), false);
    let library = Library::builder().boxed_modules(modules::all()).build();
    let builder = Runtime::builder().workers(1).detect_deadlocks(true).output(output);
    let runtime = builder.build(library.clone()).expect("threads can be started");
    let run = |text: &str| {
        let source = Arc::new(Source::new("test.py", text));
        let unit = scriptling_vm::run::start::compile_source(&library, source, None, false);
        runtime.run_main(Arc::new(unit.unwrap_or_else(|errors| panic!("{}", errors.rendered))))
    };
    let scheduled = "import scriptling.runtime as r\nr.every(0.001, print, 'tick')\n";
    let stuck = "import scriptling.runtime.sync as s\ns.Queue('never').get()\n";
    for _ in 0..2 {
        run(scheduled).expect("it ends");
        assert_eq!(run(stuck).expect_err("it is stuck").class(), DEADLOCK);
    }
    run("print('end')").expect("it ends");
    assert!(out.text().ends_with("end\n"));
}

#[test]
fn a_deterministic_run_waits_for_work_on_other_threads_and_not_for_time() {
    let text = "
import extra, time
import scriptling.runtime as runtime
promise = runtime.run(lambda: extra.slow())
print(promise.get(timeout=5))
time.sleep(1e6)
print(time.monotonic() > 1e6, time.time() > 1577836800 + 1e6, runtime.run(lambda: extra.slow()).get(timeout=5))
";
    for here in [true, false] {
        let run = run_with(Runtime::builder().deterministic(1).run_main_here(here).detect_deadlocks(true), text);
        assert_eq!((run.out.as_str(), run.err.as_str()), ("1\nTrue True 1\n", ""));
    }
}

#[test]
fn a_deterministic_run_that_fails_tells_its_seed() {
    let told = "scriptling: the schedule was that of seed 23 (again: --schedule-seed 23)\n";
    for (text, fails) in [
        ("raise ValueError(1)", true),
        ("import sys\nsys.exit(4)", true),
        ("import scriptling.runtime.sync as s\ns.Queue('never').get()", true),
        ("import scriptling.runtime as r\nr.run(lambda: 1 / 0).exception()", false),
        ("import scriptling.runtime as r\nr.run(lambda: 1 / 0)\nr.sleep(1)", true),
        ("import sys\nsys.exit(0)", false),
        ("print(1)", false),
    ] {
        let run = run_with(Runtime::builder().deterministic(23).detect_deadlocks(true), text);
        assert_eq!(run.err.ends_with(told), fails, "{text}: {}", run.err);
    }
}

#[test]
fn limits_and_grace_are_of_counted_time_in_a_deterministic_run() {
    let text = "
import scriptling.runtime as runtime
import time
def busy():
    while True:
        pass
limited = runtime.run(busy, limits=runtime.Limits(seconds=0.01))
print(repr(limited.exception()), round(time.monotonic(), 2))
end = time.monotonic() + 0.01
while time.monotonic() < end:
    pass
def stubborn():
    while True:
        try:
            time.sleep(1e9)
        except CancelledError:
            print('no')
runtime.run(stubborn)
runtime.sleep(1)
";
    let run = run_with(Runtime::builder().deterministic(3).grace(Duration::from_hours(1)), text);
    assert_eq!(run.out, "TimeLimitExceeded('the time limit is exceeded') 0.01\nno\n", "{}", run.err);
    assert!(run.err.contains("1 task was cancelled at the end of the program: 'stubborn'"), "{}", run.err);
}

#[test]
fn a_runtime_goes_though_a_queue_of_it_holds_a_schedule() {
    let text = "
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync
sync.Queue('handles').put(runtime.every(60, print))
sync.Queue('handles').put(runtime.cron('* * * * *', print))
sync.Queue('handles').put(runtime.current_task())
";
    let out = Sink::default();
    let output = Output::new(Box::new(out.clone()), Box::new(out.clone()), false);
    let library = Library::builder().boxed_modules(modules::all()).build();
    let unit = scriptling_vm::run::start::compile_source(&library, Arc::new(Source::new("test.py", text)), None, false);
    // On one thread: nobody else can be about to let go of it.
    let runtime = Runtime::builder().deterministic(1).run_main_here(true).output(output).build(library);
    let runtime = runtime.expect("it starts no threads");
    runtime.run_main(Arc::new(unit.unwrap_or_else(|errors| panic!("{}", errors.rendered)))).expect("it ends");
    drop(runtime);
    assert_eq!((out.text().as_str(), Arc::strong_count(&out.0)), ("", 1));
}

#[test]
fn what_a_worker_has_taken_from_a_long_queue_is_run_by_another_if_it_does_not_get_round_to_it() {
    let text = "
import extra
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync
parked, go = sync.WaitGroup('parked'), sync.Event('go')
def quick():
    sync.WaitGroup('parked').done()
    sync.Event('go').wait()
    extra.tick()
def holding(ticks):
    sync.WaitGroup('parked').done()
    sync.Event('go').wait()
    return extra.hold(ticks)
for before in range(100, 140):
    parked.add(301)
    tasks = [runtime.run(quick) for _ in range(before)]
    holder = runtime.run(holding, 300)
    tasks += [runtime.run(quick) for _ in range(300 - before)]
    parked.wait()
    go.set()
    assert holder.get(), before
    runtime.gather(*tasks)
    go.clear()
print('all')
";
    let run = run_with(Runtime::builder().workers(2), text);
    assert_eq!(run.out, "all\n", "{}", run.err);
}

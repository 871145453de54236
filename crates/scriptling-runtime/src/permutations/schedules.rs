//! `every` and `cron`: runs, skips, cancelling and the end of the program, while a clock goes on that another thread moves.

use std::sync::Arc;
use std::time::Duration;

use super::tasks::{compile, stage};
use super::{explore, join, start};
use crate::clock::ManualClock;
use crate::primitives::atomic::{AtomicBool, Ordering};
use crate::primitives::thread;
use crate::{Runtime, Timer};

/// Schedules (shuttle's) per program and strategy.
const RUNS: usize = 500;

/// Runs a program while minutes pass, and checks what it prints.
fn prints(text: &str, expected: &'static str) {
    check(text, move |out, err| assert_eq!((out, err), (expected, "")));
}

/// The same with a check of standard output and error. Nothing is left of the program then.
fn check(text: &str, check: impl Fn(&str, &str) + Send + Sync + 'static) {
    let unit = compile(text);
    explore(RUNS, move || {
        let clock = ManualClock::default();
        let timer = Arc::new(Timer::without_thread(Arc::new(clock.clone())));
        let stage = stage(Runtime::builder().workers(2).time(Arc::new(clock.clone()), timer.clone()));
        let over = Arc::new(AtomicBool::new(false));
        let passing = over.clone();
        let minutes = start(move || {
            while !passing.load(Ordering::SeqCst) {
                clock.advance(Duration::from_mins(1));
                timer.fire();
                thread::yield_now();
            }
        });
        let result = stage.runtime.run_main(unit.clone());
        drop(stage.runtime);
        over.store(true, Ordering::SeqCst);
        join([minutes]);
        assert!(result.is_ok(), "{result:?}");
        check(&stage.out.text(), &stage.err.text());
    });
}

#[test]
fn a_schedule_that_is_cancelled_starts_nothing_more() {
    for made in ["every(60, tick)", "cron('* * * * *', tick)"] {
        let text = "
def tick():
    sync.Queue('ticks').put(1)
ticks = runtime.MADE
waiting = runtime.run(ticks.wait)
sync.Queue('ticks').get()
cancelled = ticks.cancel()
runs = ticks.runs
waiting.get()
# Those that were under way.
for _ in range(runs - 1):
    sync.Queue('ticks').get()
runtime.sleep(180)
print(cancelled, ticks.runs == runs, sync.Queue('ticks').size())
";
        prints(&text.replace("MADE", made), "True True 0\n");
    }
}

#[test]
fn no_more_runs_than_may_be_are_under_way() {
    let text = "
def tick():
    if sync.Atomic('at work').add() > 2:
        print('too many')
    runtime.sleep(100)
    sync.Atomic('at work').sub()
    sync.Queue('ticks').put(1)
ticks = runtime.every(60, tick, max_overlap=2)
for _ in range(3):
    sync.Queue('ticks').get()
ticks.cancel()
print(ticks.runs >= 3)
while any(task['name'] == 'tick' for task in runtime.tasks()):
    runtime.sleep(60)
";
    prints(text, "True\n");
}

#[test]
fn a_run_may_cancel_its_schedule_while_others_do() {
    let text = "
def tick():
    sync.Queue('handles').get().cancel()
    sync.Event('cancelled').set()
ticks = runtime.every(60, tick)
sync.Queue('handles').put(ticks)
sync.Queue('handles').put(ticks)
others = [runtime.run(ticks.wait) for _ in range(2)]
ticks.wait()
runtime.gather(*others)
sync.Event('cancelled').wait()
print(ticks.cancelled(), ticks.cancel(), ticks.runs >= 1)
while runtime.tasks()[1:]:
    runtime.sleep(60)
";
    prints(text, "True False True\n");
}

#[test]
fn the_end_of_the_program_ends_schedules_and_names_their_runs_at_most() {
    let text = "
def tick():
    sync.Event('ticked').set()
runtime.every(60, tick)
runtime.cron('* * * * *', tick)
sync.Event('ticked').wait()
print('end')
";
    check(text, |out, err| {
        assert_eq!(out, "end\n");
        assert!(err.is_empty() || err.contains("cancelled at the end of the program: 'tick'"), "{err}");
    });
}

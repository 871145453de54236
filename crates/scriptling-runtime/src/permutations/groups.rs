//! Task groups, waiting for many, cancelling, and finding out that a program is stuck, under permuted schedules.

use super::tasks::{compile, prints, programs, stage};
use super::{explore, join, start};
use crate::{DEADLOCK, Runtime};

/// Schedules per program, way to start threads, and strategy.
const RUNS: usize = 500;

#[test]
fn a_group_waits_for_all_and_counts_every_failure_once() {
    let text = "
def fail(n):
    raise ValueError(n)
try:
    with runtime.TaskGroup() as tg:
        for n in range(2):
            tg.run(fail, n)
except BaseExceptionGroup as group:
    found = [str(e) for e in group.exceptions]
    assert 1 <= len(found) <= 2 and len(set(found)) == len(found), found
    print('group')
";
    prints(RUNS, text, "group\n");
}

#[test]
fn a_failure_ends_a_block_that_waits_and_its_siblings() {
    let text = "
def hang():
    sync.Queue('never').get()
def fail():
    raise ValueError('failed')
try:
    with runtime.TaskGroup() as tg:
        child = tg.run(hang)
        tg.run(fail)
        sync.Queue('never').get()
except ExceptionGroup as group:
    print(len(group.exceptions), child.cancelled())
sync.Queue('after').put(1)
print(sync.Queue('after').get())
";
    prints(RUNS, text, "1 True\n1\n");
}

#[test]
fn a_cancelled_owner_leaves_no_child_behind() {
    let text = "
def child():
    sync.Queue('never').get()
def owner():
    with runtime.TaskGroup() as tg:
        tg.run(child)
        sync.Queue('ready').put(1)
p = runtime.run(owner)
sync.Queue('ready').get()
p.cancel()
try:
    p.get()
except CancelledError:
    print('cancelled', len(runtime.tasks()))
";
    programs(RUNS, text, |out, err| {
        // The owner may be off the list a moment after its result is out.
        assert!(out == "cancelled 1\n" || out == "cancelled 2\n", "{out}");
        assert!(!err.contains("child"), "{err}");
    });
}

#[test]
fn an_outer_failure_reaches_a_block_inside_an_inner_one() {
    let text = "
def fail(name):
    raise ValueError(name)
try:
    with runtime.TaskGroup() as outer:
        try:
            with runtime.TaskGroup() as inner:
                outer.run(fail, 'outer')
                inner.run(fail, 'inner')
                sync.Queue('never').get()
        except ExceptionGroup:
            pass
        sync.Queue('never').get()
except ExceptionGroup as group:
    print([str(e) for e in group.exceptions])
";
    prints(RUNS, text, "['outer']\n");
}

#[test]
fn gathering_sees_every_end() {
    let text = "
def work(n):
    return n
promises = [runtime.run(work, n) for n in range(3)]
other = runtime.run(lambda: sum(runtime.gather(*promises)))
print(runtime.gather(*promises, other))
";
    prints(RUNS, text, "[0, 1, 2, 3]\n");
}

#[test]
fn waiting_for_any_sees_the_first_end_and_no_other_twice() {
    let text = "
def work(n):
    return n
left = [runtime.run(work, n) for n in range(3)]
seen = []
while left:
    first = runtime.wait_any(left)
    left.remove(first)
    seen.append(first.get())
print(sorted(seen))
";
    prints(RUNS, text, "[0, 1, 2]\n");
}

#[test]
fn a_map_gives_all_results_and_ends() {
    let text = "
def work(n):
    return n * 2
print(list(runtime.map(work, range(5), workers=1)), sorted(runtime.map(work, range(4), ordered=False)))
";
    prints(RUNS / 2, text, "[0, 2, 4, 6, 8] [0, 2, 4, 6]\n");
}

#[test]
fn cancelling_from_several_tasks_ends_a_task_once() {
    let text = "
def hang():
    try:
        sync.Queue('never').get()
    finally:
        sync.Atomic('cleaned').add()
p = runtime.run(hang)
others = [runtime.run(p.cancel) for _ in range(2)]
try:
    p.get()
except CancelledError:
    pass
runtime.gather(*others)
print(p.cancelled(), sync.Atomic('cleaned').get() <= 1)
";
    prints(RUNS, text, "True True\n");
}

#[test]
fn a_program_that_is_stuck_is_found_and_one_that_is_not_is_left_alone() {
    let stuck = compile(
        "
def a():
    sync.Queue('never').get()
p = runtime.run(a)
q = runtime.run(lambda: p.get())
q.get()
",
    );
    let busy = compile(
        "
def echo():
    for _ in range(2):
        sync.Queue('pong').put(sync.Queue('ping').get())
p = runtime.run(echo)
for n in range(2):
    sync.Queue('ping').put(n)
    sync.Queue('pong').get()
p.get()
with runtime.TaskGroup() as tg:
    tg.run(int)
    tg.run(yield_now)
runtime.gather(runtime.run(int), runtime.run(int))
",
    );
    for here in [false, true] {
        let (stuck, busy) = (stuck.clone(), busy.clone());
        explore(RUNS, move || {
            let stage = stage(Runtime::builder().workers(2).run_main_here(here).detect_deadlocks(true));
            let error = stage.runtime.run_main(stuck.clone()).expect_err("it is stuck");
            assert_eq!(error.class(), DEADLOCK, "{error:?}");
            assert_eq!(error.rendered().matches("waits for").count(), 4, "{error:?}");
            assert_eq!(stage.runtime.live_tasks(), 0);
        });
        explore(RUNS, move || {
            let stage = stage(Runtime::builder().workers(2).run_main_here(here).detect_deadlocks(true));
            stage.runtime.run_main(busy.clone()).expect("it is not stuck");
        });
    }
}

#[test]
fn a_stuck_program_can_be_interrupted_at_the_same_time() {
    let unit = compile("sync.Queue('never').get()\n");
    explore(RUNS, move || {
        let stage = stage(Runtime::builder().workers(1).detect_deadlocks(true));
        let (runtime, unit) = (stage.runtime.clone(), unit.clone());
        let running = start(move || runtime.run_main(unit).expect_err("it waits for ever").class().to_owned());
        stage.runtime.interrupt();
        let class = join([running]).remove(0);
        assert!(class == DEADLOCK || class == "KeyboardInterrupt", "{class}");
    });
}

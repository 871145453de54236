//! Finding out that a program is stuck: every task waits for another one.
//!
//! # When
//! A worker that finds nothing to do looks at [`Watch`]: it costs nothing while somebody works. A program is stuck if all of
//! this holds, in this order:
//!
//! 1. No runnable is queued, in a slot, or being run (the pool's own counters, under its lock).
//! 2. Nothing *outside* can wake a task. Whoever waits for something else than a task (a timer, a thread with blocking
//!    work, a host's future) counts as [`Outside`] from before it parks until it runs again; so does a schedule while it
//!    is alive. Waits have to say that they are for tasks only ([`Wait::only_tasks`]): one that says nothing is outside.
//! 3. The main program has not ended, and all tasks are parked.
//! 4. Nobody has run anything since 1. Otherwise what was seen at different moments need not fit together; but then somebody
//!    else finds nothing to do soon, and looks.
//!
//! None of this can change by itself then: only tasks wake tasks, spawn them, and stop being outside, and none runs. What
//! a host does to the tasks of a program from other threads (it may interrupt it) it does to a program that is stuck.
//!
//! # What happens
//! The report is made: who waits for what, and where. The main program is cancelled, so that what it has open is closed; and
//! if everybody is stuck again after that, all are ended. The program fails with the report, whatever it does.
//!
//! [`Wait::only_tasks`]: scriptling_vm::native::Wait::only_tasks

use std::fmt::Write;
use std::sync::Arc;

use scriptling_vm::error::Error;

use crate::primitives::Mutex;
use crate::primitives::atomic::{AtomicUsize, Ordering};
use crate::runtime::Inner;
use crate::task::Task;

/// The class of the error with which a stuck program ends.
pub const DEADLOCK: &str = "DeadlockError";

/// Tasks that a report shows.
const SHOWN: usize = 20;

/// What is known about a program's being stuck.
#[derive(Default)]
pub(crate) struct Watch {
    outside: AtomicUsize,
    report: Mutex<Option<String>>,
}

/// Something outside of the program that may wake a task or start one, while it exists.
pub struct Outside(Arc<Inner>);

impl Outside {
    pub(crate) fn new(runtime: &Arc<Inner>) -> Outside {
        runtime.watch.outside.fetch_add(1, Ordering::SeqCst);
        Outside(runtime.clone())
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        self.0.watch.outside.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Watch {
    /// Whether it is worth looking at the tasks.
    pub(crate) fn nothing_outside(&self) -> bool {
        self.outside.load(Ordering::SeqCst) == 0
    }

    /// Whether the program was found to be stuck.
    pub(crate) fn has_report(&self) -> bool {
        self.report.lock().is_some()
    }

    /// The error of a program that was stuck, once.
    pub(crate) fn take_error(&self) -> Option<Error> {
        let report = self.report.lock().take()?;
        Some(Error::new(DEADLOCK, "every task waits for another one".into(), report))
    }
}

/// Nobody has anything to run: ends the program if that will stay so. Called without locks.
pub(crate) fn check(runtime: &Inner, still_idle: &dyn Fn() -> bool) {
    if !runtime.watch.nothing_outside() {
        return;
    }
    let mut tasks = runtime.live();
    // What those wait for is part of what the tasks wait for whose fibers they are.
    tasks.retain(|task| !task.is_shared());
    let Some(main) = tasks.iter().find(|task| task.is_main()) else { return };
    if main.is_done() || !tasks.iter().all(|task| task.is_parked()) {
        return;
    }
    let Some(text) = describe(&tasks) else { return };
    if !still_idle() {
        return;
    }
    let again = runtime.watch.report.lock().replace(text);
    match again {
        None => {
            runtime.close();
            main.cancel();
        }
        Some(first) => {
            *runtime.watch.report.lock() = Some(first);
            tasks.iter().for_each(|task| task.kill());
        }
    }
}

/// The report; `None` if some task is not stuck.
fn describe(tasks: &[Arc<Task>]) -> Option<String> {
    let mut text = String::from("scriptling: deadlock: every task waits for another one\n");
    for (at, task) in tasks.iter().enumerate() {
        let (what, stack) = task.stuck_on()?;
        if at < SHOWN {
            let _ = writeln!(text, "\nTask '{}' waits for {what}", task.name());
            if !stack.is_empty() {
                let _ = write!(text, "Traceback (most recent call last):\n{stack}");
            }
        }
    }
    if tasks.len() > SHOWN {
        let _ = writeln!(text, "\n... and {} more tasks", tasks.len() - SHOWN);
    }
    Some(text)
}

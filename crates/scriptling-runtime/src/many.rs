//! Waiting for many tasks at once, told which have ended.
//!
//! Each task gets a waker of its own that says which it was, so that waiting for n tasks costs n steps and not n for each that
//! ends. Those that had ended before come first, in the order given; then the others, in the order in which they end.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Poll, Wake, Waker};

use crate::primitives::Mutex;
use crate::task::{Join, Task};

/// A wait for tasks, one after the other as they end; dropping it gives up.
pub(crate) struct Many {
    tasks: Arc<[Arc<Task>]>,
    /// Made by the first poll.
    joins: Vec<Join>,
    ended: Arc<Ended>,
}

#[derive(Default)]
struct Ended {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Which have ended and have not been told.
    queue: VecDeque<usize>,
    waker: Option<Waker>,
}

/// The waker that one of the tasks has.
struct One {
    at: usize,
    of: Arc<Ended>,
}

impl Wake for One {
    fn wake(self: Arc<Self>) {
        let mut state = self.of.state.lock();
        state.queue.push_back(self.at);
        let waker = state.waker.take();
        drop(state);
        waker.into_iter().for_each(Waker::wake);
    }
}

impl Many {
    /// Waits for all of `tasks`.
    pub(crate) fn new(tasks: Arc<[Arc<Task>]>) -> Many {
        Many { tasks, joins: Vec::new(), ended: Arc::default() }
    }

    /// The place of a task that has ended, each once; otherwise registers `waker`.
    pub(crate) fn poll_next(&mut self, waker: &Waker) -> Poll<usize> {
        if self.joins.is_empty() {
            self.register();
        }
        let mut state = self.ended.state.lock();
        if let Some(at) = state.queue.pop_front() {
            return Poll::Ready(at);
        }
        match &state.waker {
            Some(known) if known.will_wake(waker) => {}
            _ => state.waker = Some(waker.clone()),
        }
        Poll::Pending
    }

    fn register(&mut self) {
        self.joins.reserve_exact(self.tasks.len());
        let mut before = Vec::new();
        for (at, task) in self.tasks.iter().enumerate() {
            let mut join = Join::new(task.clone());
            let one = Waker::from(Arc::new(One { at, of: self.ended.clone() }));
            if join.poll_end(&one).is_ready() {
                before.push(at);
            }
            self.joins.push(join);
        }
        // Others may have ended since they were looked at.
        let mut state = self.ended.state.lock();
        before.into_iter().rev().for_each(|at| state.queue.push_front(at));
    }
}

/// Names for people: those of the tasks that have not ended.
pub(crate) fn names_of(tasks: &[Arc<Task>]) -> String {
    const SHOWN: usize = 3;
    let open: Vec<&Arc<Task>> = tasks.iter().filter(|task| !task.is_done()).collect();
    let names: Vec<String> = open.iter().take(SHOWN).map(|task| format!("'{}'", task.name())).collect();
    let plural = if open.len() == 1 { "" } else { "s" };
    match open.len() {
        more if more > SHOWN => format!("tasks {} and {} more", names.join(", "), more - SHOWN),
        _ => format!("task{plural} {}", names.join(", ")),
    }
}

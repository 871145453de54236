//! `WaitGroup`: a counter that tasks wait on until it is zero.
//!
//! Reaching zero releases everybody who waits at that moment, even if the counter has risen again before they run.

use std::sync::Arc;
use std::task::{Poll, Waker};

use super::waiters::{Ticket, Waiters, wake_all};
use super::{Deleted, Label, Object, Owned, TaskId, Waiting};
use crate::primitives::Mutex;

/// What `add` refuses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refused {
    /// The counter would fall below zero.
    Negative,
    /// The counter would not fit 64 bits.
    Overflow,
}

/// A wait group; see the module documentation.
pub struct WaitGroup {
    label: Label,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    count: i64,
    waiters: Waiters,
}

impl WaitGroup {
    /// A group at zero.
    pub fn new(label: Label) -> WaitGroup {
        WaitGroup { label, state: Mutex::default() }
    }

    /// The counter.
    pub fn count(&self) -> i64 {
        self.state.lock().count
    }

    /// Adds to the counter; refused changes leave it as it was.
    pub fn add(&self, delta: i64) -> Result<(), Refused> {
        let mut state = self.state.lock();
        let count = state.count.checked_add(delta).ok_or(Refused::Overflow)?;
        if count < 0 {
            return Err(Refused::Negative);
        }
        state.count = count;
        let wakers = if count == 0 { state.waiters.pop_all() } else { Vec::new() };
        drop(state);
        wake_all(wakers);
        Ok(())
    }
}

impl Object for WaitGroup {
    fn label(&self) -> &Label {
        &self.label
    }

    fn delete(&self) {
        self.label.mark_deleted();
        let wakers = self.state.lock().waiters.delete();
        wake_all(wakers);
    }
}

/// What `with` has added.
impl Owned for WaitGroup {
    fn abandon(&self, _owner: TaskId) -> bool {
        // Somebody has counted down for the task: nothing is missing.
        let _ = self.add(-1);
        false
    }
}

/// A wait for zero.
pub struct Zero {
    group: Arc<WaitGroup>,
    ticket: Option<Ticket>,
}

impl Zero {
    /// Waits until `group` is at zero.
    pub fn new(group: Arc<WaitGroup>) -> Zero {
        Zero { group, ticket: None }
    }
}

impl Waiting for Zero {
    type Output = Result<(), Deleted>;

    fn poll(&mut self, waker: &Waker) -> Poll<Result<(), Deleted>> {
        let mut state = self.group.state.lock();
        if self.ticket.is_none() && state.count == 0 {
            return Poll::Ready(Ok(()));
        }
        state.waiters.poll(&mut self.ticket, waker)
    }

    fn describe(&self) -> String {
        self.group.label.to_string()
    }
}

impl Drop for Zero {
    fn drop(&mut self) {
        if self.ticket.is_some() {
            self.group.state.lock().waiters.give_up(&mut self.ticket);
        }
    }
}

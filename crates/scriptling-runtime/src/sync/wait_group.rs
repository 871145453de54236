//! `WaitGroup`: a counter that tasks wait on until it is zero.
//!
//! Reaching zero releases everybody who waits at that moment, even if the counter has risen again before they run.

use std::sync::Arc;
use std::task::{Poll, Waker};

use smol_str::SmolStr;

use super::waiters::{Ticket, Waiters, wake_all};
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
    name: SmolStr,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    count: i64,
    waiters: Waiters,
}

impl WaitGroup {
    /// A group at zero.
    pub fn new(name: SmolStr) -> WaitGroup {
        WaitGroup { name, state: Mutex::default() }
    }

    /// Its name.
    pub fn name(&self) -> &SmolStr {
        &self.name
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

/// A wait for zero; dropping it gives up.
pub struct Zero {
    group: Arc<WaitGroup>,
    ticket: Option<Ticket>,
}

impl Zero {
    /// Waits until `group` is at zero.
    pub fn new(group: Arc<WaitGroup>) -> Zero {
        Zero { group, ticket: None }
    }

    /// Whether zero was reached; otherwise registers `waker`.
    pub fn poll(&mut self, waker: &Waker) -> Poll<()> {
        let mut state = self.group.state.lock();
        match self.ticket {
            None if state.count == 0 => Poll::Ready(()),
            None => {
                self.ticket = Some(state.waiters.park(waker));
                Poll::Pending
            }
            Some(ticket) if state.waiters.still_waits(ticket, waker) => Poll::Pending,
            Some(_) => {
                self.ticket = None;
                Poll::Ready(())
            }
        }
    }

    /// The group.
    pub fn group(&self) -> &WaitGroup {
        &self.group
    }
}

impl Drop for Zero {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.group.state.lock().waiters.remove(ticket);
        }
    }
}

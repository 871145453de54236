//! `Event`: a flag that tasks wait for.
//!
//! Setting it releases everybody who waits at that moment, even if it is cleared again before they run.

use std::sync::Arc;
use std::task::{Poll, Waker};

use super::waiters::{Ticket, Waiters, wake_all};
use super::{Deleted, Label, Object, Waiting};
use crate::primitives::Mutex;
use crate::primitives::atomic::{AtomicU64, Ordering};

/// An event; see the module documentation.
pub struct Event {
    label: Label,
    state: Mutex<State>,
    /// How often it has been set. Changes under the lock, but who was parked before a change needs no lock to see that: there
    /// may be a million who look at the same moment.
    sets: AtomicU64,
}

#[derive(Default)]
struct State {
    is_set: bool,
    waiters: Waiters,
}

impl Event {
    /// An event that is not set.
    pub fn new(label: Label) -> Event {
        Event { label, state: Mutex::default(), sets: AtomicU64::new(0) }
    }

    /// Whether it is set.
    pub fn is_set(&self) -> bool {
        self.state.lock().is_set
    }

    /// Sets it.
    pub fn set(&self) {
        let mut state = self.state.lock();
        state.is_set = true;
        if !state.waiters.is_deleted() {
            self.sets.fetch_add(1, Ordering::Release);
        }
        let wakers = state.waiters.drain();
        drop(state);
        wake_all(wakers);
    }

    /// Clears it.
    pub fn clear(&self) {
        self.state.lock().is_set = false;
    }
}

impl Object for Event {
    fn label(&self) -> &Label {
        &self.label
    }

    fn delete(&self) {
        self.label.mark_deleted();
        let wakers = self.state.lock().waiters.delete();
        wake_all(wakers);
    }
}

/// A wait until it is set.
pub struct IsSet {
    event: Arc<Event>,
    ticket: Option<Ticket>,
    /// How often it had been set when this was parked.
    sets: u64,
}

impl IsSet {
    /// Waits until `event` is set.
    pub fn new(event: Arc<Event>) -> IsSet {
        IsSet { event, ticket: None, sets: 0 }
    }
}

impl Waiting for IsSet {
    type Output = Result<(), Deleted>;

    fn poll(&mut self, waker: &Waker) -> Poll<Result<(), Deleted>> {
        if self.ticket.is_some() && self.event.sets.load(Ordering::Acquire) != self.sets {
            self.ticket = None;
            return Poll::Ready(Ok(()));
        }
        let mut state = self.event.state.lock();
        if self.ticket.is_none() {
            if state.is_set {
                return Poll::Ready(Ok(()));
            }
            self.sets = self.event.sets.load(Ordering::Relaxed);
        }
        state.waiters.poll(&mut self.ticket, waker)
    }

    fn describe(&self) -> String {
        self.event.label.to_string()
    }
}

impl Drop for IsSet {
    fn drop(&mut self) {
        if self.ticket.is_some() {
            self.event.state.lock().waiters.give_up(&mut self.ticket);
        }
    }
}

//! `Shared`: one value that tasks read, replace, update atomically, and watch.
//!
//! Reading never waits: it gives a copy of the last value that was stored. Writers take turns in order of arrival, and an
//! update holds its turn (a [`Permit`]) while the script's function runs, which may park. A permit that is dropped, by an
//! exception or because its task was cancelled, ends the turn and leaves the value as it was.

use std::sync::Arc;
use std::task::{Poll, Waker};

use scriptling_vm::portable::Portable;

use super::turn::{Denied, Turn};
use super::waiters::{Ticket, Waiters, wake_all};
use super::{Deleted, Label, Object, Owner, Waiting};
use crate::cap::Item;
use crate::primitives::Mutex;

/// A shared value; see the module documentation.
pub struct Shared {
    label: Label,
    initial: Item,
    state: Mutex<State>,
}

struct State {
    value: Item,
    /// How often it was replaced.
    version: u64,
    turn: Turn,
    /// Those who want to know when it is replaced.
    watchers: Waiters,
}

impl Shared {
    /// A value to share.
    pub fn new(label: Label, initial: impl Into<Item>) -> Shared {
        let initial = initial.into();
        let value = initial.clone();
        let state = State { value, version: 0, turn: Turn::default(), watchers: Waiters::default() };
        Shared { label, initial, state: Mutex::new(state) }
    }

    /// The first value.
    pub fn initial(&self) -> &Portable {
        self.initial.value()
    }

    /// The last value stored.
    pub fn get(&self) -> Portable {
        self.state.lock().value.value().clone()
    }

    /// The last value stored, and which one it is, for [`Changed`].
    pub fn version(&self) -> (Portable, u64) {
        let state = self.state.lock();
        (state.value.value().clone(), state.version)
    }
}

impl Object for Shared {
    fn label(&self) -> &Label {
        &self.label
    }

    fn delete(&self) {
        self.label.mark_deleted();
        let mut state = self.state.lock();
        let mut wakers = state.turn.delete();
        wakers.append(&mut state.watchers.delete());
        drop(state);
        wake_all(wakers);
    }
}

/// A wait for the turn to write.
pub struct Write {
    shared: Arc<Shared>,
    owner: Owner,
    ticket: Option<Ticket>,
}

impl Write {
    /// Asks for `owner` to write.
    pub fn new(shared: Arc<Shared>, owner: Owner) -> Write {
        Write { shared, owner, ticket: None }
    }
}

impl Waiting for Write {
    type Output = Result<Permit, Denied>;

    fn poll(&mut self, waker: &Waker) -> Poll<Result<Permit, Denied>> {
        let mut state = self.shared.state.lock();
        let turn = state.turn.poll(&mut self.ticket, &self.owner, waker);
        turn.map(|turn| turn.map(|()| Permit { shared: self.shared.clone() }))
    }

    fn describe(&self) -> String {
        let label = &self.shared.label;
        match self.shared.state.lock().turn.holder() {
            Some(holder) => format!("{label} being updated by task '{}'", holder.name),
            None => label.to_string(),
        }
    }
}

impl Drop for Write {
    fn drop(&mut self) {
        if self.ticket.is_some() {
            let waker = self.shared.state.lock().turn.give_up(&mut self.ticket);
            wake_all(waker);
        }
    }
}

/// The turn to write; dropping it lets the next in.
pub struct Permit {
    shared: Arc<Shared>,
}

impl Permit {
    /// What the shared value is called.
    pub fn label(&self) -> &Label {
        &self.shared.label
    }

    /// The value.
    pub fn value(&self) -> Portable {
        self.shared.get()
    }

    /// Replaces the value.
    pub fn set(&self, value: impl Into<Item>) {
        let value = value.into();
        let mut state = self.shared.state.lock();
        let old = std::mem::replace(&mut state.value, value);
        state.version += 1;
        let wakers = state.watchers.pop_all();
        drop(state);
        wake_all(wakers);
        // A large value is freed after the lock.
        drop(old);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let waker = self.shared.state.lock().turn.pass_on();
        wake_all(waker);
    }
}

/// A wait until the value is another one than was seen.
pub struct Changed {
    shared: Arc<Shared>,
    seen: u64,
    ticket: Option<Ticket>,
}

impl Changed {
    /// Waits until the value is not the one of that version any more.
    pub fn new(shared: Arc<Shared>, seen: u64) -> Changed {
        Changed { shared, seen, ticket: None }
    }
}

impl Waiting for Changed {
    type Output = Result<(), Deleted>;

    fn poll(&mut self, waker: &Waker) -> Poll<Result<(), Deleted>> {
        let mut state = self.shared.state.lock();
        if state.version != self.seen {
            state.watchers.give_up(&mut self.ticket);
            return Poll::Ready(Ok(()));
        }
        state.watchers.poll(&mut self.ticket, waker)
    }

    fn describe(&self) -> String {
        format!("{} (wait_for)", self.shared.label)
    }
}

impl Drop for Changed {
    fn drop(&mut self) {
        if self.ticket.is_some() {
            self.shared.state.lock().watchers.give_up(&mut self.ticket);
        }
    }
}

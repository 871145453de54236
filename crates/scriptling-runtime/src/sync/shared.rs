//! `Shared`: one value that tasks read, replace, and update atomically.
//!
//! Reading never waits: it gives a copy of the last value that was stored. Writers take turns in order of arrival, and an
//! update holds its turn (a [`Permit`]) while the script's function runs, which may park. A permit that is dropped, by an
//! exception or because its task was cancelled, ends the turn and leaves the value as it was.

use std::sync::Arc;
use std::task::{Poll, Waker};

use scriptling_vm::portable::Portable;
use smol_str::SmolStr;

use super::waiters::{Ticket, Waiters};
use crate::primitives::Mutex;

/// Identifies a task, to notice that it waits for itself.
pub type TaskId = u64;

/// The task holds the turn that it asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reentered;

/// A shared value; see the module documentation.
pub struct Shared {
    name: SmolStr,
    state: Mutex<State>,
}

struct State {
    value: Portable,
    turn: Turn,
    waiters: Waiters,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Free,
    /// A task writes.
    Held(TaskId),
    /// Given to a waiter that has not run since.
    Granted(Ticket),
}

impl Shared {
    /// A value to share.
    pub fn new(name: SmolStr, value: Portable) -> Shared {
        Shared { name, state: Mutex::new(State { value, turn: Turn::Free, waiters: Waiters::default() }) }
    }

    /// Its name.
    pub fn name(&self) -> &SmolStr {
        &self.name
    }

    /// The last value stored.
    pub fn get(&self) -> Portable {
        self.state.lock().value.clone()
    }

    fn pass_on(&self) {
        let mut state = self.state.lock();
        let waker = match state.waiters.pop() {
            Some((ticket, waker)) => {
                state.turn = Turn::Granted(ticket);
                Some(waker)
            }
            None => {
                state.turn = Turn::Free;
                None
            }
        };
        drop(state);
        waker.into_iter().for_each(Waker::wake);
    }
}

/// A wait for the turn to write; dropping it gives up.
pub struct Lock {
    shared: Arc<Shared>,
    task: TaskId,
    ticket: Option<Ticket>,
}

impl Lock {
    /// Asks for `task` to write.
    pub fn new(shared: Arc<Shared>, task: TaskId) -> Lock {
        Lock { shared, task, ticket: None }
    }

    /// The permit, if it is this task's turn; otherwise registers `waker`.
    pub fn poll(&mut self, waker: &Waker) -> Poll<Result<Permit, Reentered>> {
        let mut state = self.shared.state.lock();
        match (self.ticket, state.turn) {
            (None, Turn::Free) => {}
            (None, Turn::Held(task)) if task == self.task => return Poll::Ready(Err(Reentered)),
            (None, _) => {
                self.ticket = Some(state.waiters.park(waker));
                return Poll::Pending;
            }
            (Some(ticket), Turn::Granted(granted)) if ticket == granted => self.ticket = None,
            (Some(ticket), _) => {
                let waits = state.waiters.still_waits(ticket, waker);
                debug_assert!(waits, "a ticket leaves the list only by being granted");
                return Poll::Pending;
            }
        }
        state.turn = Turn::Held(self.task);
        Poll::Ready(Ok(Permit { shared: self.shared.clone() }))
    }

    /// The shared value.
    pub fn shared(&self) -> &Shared {
        &self.shared
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let Some(ticket) = self.ticket else { return };
        let granted = !self.shared.state.lock().waiters.remove(ticket);
        if granted {
            self.shared.pass_on();
        }
    }
}

/// The turn to write; dropping it lets the next in.
pub struct Permit {
    shared: Arc<Shared>,
}

impl Permit {
    /// The value.
    pub fn value(&self) -> Portable {
        self.shared.get()
    }

    /// Replaces the value.
    pub fn set(&self, value: Portable) {
        let old = std::mem::replace(&mut self.shared.state.lock().value, value);
        // A large value is freed after the lock.
        drop(old);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.shared.pass_on();
    }
}

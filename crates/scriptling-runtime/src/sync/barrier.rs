//! `Barrier`: a fixed number of tasks wait until all of them have arrived; then it is there for the next round.
//!
//! A round that cannot be completed is *broken*: one of those who waited has given up, or somebody has aborted it. All who
//! wait in it are told at once, and so is everybody who comes later, until it is reset.

use std::sync::Arc;
use std::task::{Poll, Waker};

use super::waiters::{Ticket, Waiters, wake_all};
use super::{Deleted, Label, Object, Waiting};
use crate::primitives::Mutex;
use crate::primitives::atomic::{AtomicBool, Ordering};

/// A barrier; see the module documentation.
pub struct Barrier {
    label: Label,
    parties: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    round: Arc<Round>,
    waiters: Waiters,
}

/// One round: what those who have left the list want to know.
#[derive(Default)]
struct Round {
    broken: AtomicBool,
}

impl Round {
    fn is_broken(&self) -> bool {
        self.broken.load(Ordering::SeqCst)
    }
}

/// Why a task does not get past a barrier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotPassed {
    /// The round was broken.
    Broken,
    /// The barrier was deleted.
    Deleted,
}

impl Barrier {
    /// A barrier for that many.
    pub fn new(label: Label, parties: usize) -> Barrier {
        Barrier { label, parties, state: Mutex::default() }
    }

    /// How many must arrive.
    pub fn parties(&self) -> usize {
        self.parties
    }

    /// How many have arrived.
    pub fn waiting(&self) -> usize {
        self.state.lock().waiters.len()
    }

    /// Whether nobody can pass.
    pub fn is_broken(&self) -> bool {
        self.state.lock().round.is_broken()
    }

    /// Breaks the round.
    pub fn abort(&self) {
        let wakers = abort(&mut self.state.lock());
        wake_all(wakers);
    }

    /// Breaks the round for those who wait in it, and begins another.
    pub fn reset(&self) {
        let mut state = self.state.lock();
        let wakers = abort(&mut state);
        state.round = Arc::default();
        drop(state);
        wake_all(wakers);
    }
}

fn abort(state: &mut State) -> Vec<Waker> {
    state.round.broken.store(true, Ordering::SeqCst);
    state.waiters.pop_all()
}

impl Object for Barrier {
    fn label(&self) -> &Label {
        &self.label
    }

    fn delete(&self) {
        self.label.mark_deleted();
        let wakers = self.state.lock().waiters.delete();
        wake_all(wakers);
    }
}

/// A task that arrives. Giving up while it waits breaks the round.
pub struct Arrive {
    barrier: Arc<Barrier>,
    round: Arc<Round>,
    index: usize,
    ticket: Option<Ticket>,
}

impl Arrive {
    /// Arrives at `barrier`, once it is polled.
    pub fn new(barrier: Arc<Barrier>) -> Arrive {
        Arrive { barrier, round: Arc::default(), index: 0, ticket: None }
    }
}

impl Waiting for Arrive {
    /// The how-manieth it was, from 0.
    type Output = Result<usize, NotPassed>;

    fn poll(&mut self, waker: &Waker) -> Poll<Result<usize, NotPassed>> {
        let mut state = self.barrier.state.lock();
        if self.ticket.is_none() {
            if state.round.is_broken() {
                return Poll::Ready(Err(NotPassed::Broken));
            }
            self.index = state.waiters.len();
            if self.index + 1 >= self.barrier.parties && !state.waiters.is_deleted() {
                let wakers = state.waiters.pop_all();
                state.round = Arc::default();
                drop(state);
                wake_all(wakers);
                return Poll::Ready(Ok(self.index));
            }
            self.round = state.round.clone();
        }
        state.waiters.poll(&mut self.ticket, waker).map(|result| match result {
            Err(Deleted) => Err(NotPassed::Deleted),
            Ok(()) if self.round.is_broken() => Err(NotPassed::Broken),
            Ok(()) => Ok(self.index),
        })
    }

    fn describe(&self) -> String {
        let barrier = &self.barrier;
        format!("{} ({} of {} are there)", barrier.label, barrier.waiting(), barrier.parties)
    }
}

impl Drop for Arrive {
    fn drop(&mut self) {
        if self.ticket.is_none() {
            return;
        }
        let mut state = self.barrier.state.lock();
        let granted = state.waiters.give_up(&mut self.ticket);
        // The others would wait for one that does not come.
        let wakers = if granted { Vec::new() } else { abort(&mut state) };
        drop(state);
        wake_all(wakers);
    }
}

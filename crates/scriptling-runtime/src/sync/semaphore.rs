//! `Semaphore`: a number of permits that tasks take and give back, several at once if they like.
//!
//! Who has waited longest is served first, even if somebody behind would be content with fewer: large requests do not
//! starve. Permits belong to nobody; whoever likes may give some back.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::task::{Poll, Waker};

use super::waiters::{Ticket, Waiters, wake_all};
use super::{Deleted, Label, Object, Owned, TaskId, Waiting};
use crate::primitives::Mutex;

/// More permits than there may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooMany;

/// A semaphore; see the module documentation.
pub struct Semaphore {
    label: Label,
    permits: u64,
    bounded: bool,
    state: Mutex<State>,
}

struct State {
    free: u64,
    waiters: Waiters,
    /// How many each of the waiters wants.
    wanted: BTreeMap<Ticket, u64>,
}

impl State {
    /// Whether `n` can be taken without overtaking anybody.
    fn has(&self, n: u64) -> bool {
        self.wanted.is_empty() && self.free >= n
    }

    /// Serves those who wait, in order.
    fn grant(&mut self) -> Vec<Waker> {
        let mut wakers = Vec::new();
        while let Some((_, &n)) = self.wanted.first_key_value()
            && n <= self.free
            && let Some((ticket, waker)) = self.waiters.pop()
        {
            self.free -= n;
            self.wanted.remove(&ticket);
            wakers.push(waker);
        }
        wakers
    }
}

impl Semaphore {
    /// A semaphore with that many permits; bounded: never more of them.
    pub fn new(label: Label, permits: u64, bounded: bool) -> Semaphore {
        let state = State { free: permits, waiters: Waiters::default(), wanted: BTreeMap::new() };
        Semaphore { label, permits, bounded, state: Mutex::new(state) }
    }

    /// How many permits there were in the beginning.
    pub fn permits(&self) -> u64 {
        self.permits
    }

    /// Whether there can never be more.
    pub fn is_bounded(&self) -> bool {
        self.bounded
    }

    /// How many are free.
    pub fn available(&self) -> u64 {
        self.state.lock().free
    }

    /// Takes `n` permits if they are free and nobody waits; whether that is so.
    pub fn try_acquire(&self, n: u64) -> bool {
        let mut state = self.state.lock();
        let has = state.has(n);
        if has {
            state.free -= n;
        }
        has
    }

    /// Gives `n` permits back.
    pub fn release(&self, n: u64) -> Result<(), TooMany> {
        let mut state = self.state.lock();
        let most = if self.bounded { self.permits } else { i64::MAX as u64 };
        let free = state.free.checked_add(n).filter(|&free| free <= most).ok_or(TooMany)?;
        state.free = free;
        let wakers = state.grant();
        drop(state);
        wake_all(wakers);
        Ok(())
    }
}

impl Object for Semaphore {
    fn label(&self) -> &Label {
        &self.label
    }

    fn delete(&self) {
        self.label.mark_deleted();
        let wakers = self.state.lock().waiters.delete();
        wake_all(wakers);
    }
}

/// What `with` has taken.
impl Owned for Semaphore {
    fn abandon(&self, _owner: TaskId) -> bool {
        // Somebody has given it back for the task: nothing is missing.
        let _ = self.release(1);
        false
    }
}

/// A wait for permits.
pub struct AcquirePermits {
    semaphore: Arc<Semaphore>,
    n: u64,
    ticket: Option<Ticket>,
}

impl AcquirePermits {
    /// Asks for `n` permits.
    pub fn new(semaphore: Arc<Semaphore>, n: u64) -> AcquirePermits {
        AcquirePermits { semaphore, n, ticket: None }
    }
}

impl Waiting for AcquirePermits {
    type Output = Result<(), Deleted>;

    fn poll(&mut self, waker: &Waker) -> Poll<Result<(), Deleted>> {
        let mut state = self.semaphore.state.lock();
        let is_new = self.ticket.is_none();
        if is_new && state.has(self.n) && !state.waiters.is_deleted() {
            state.free -= self.n;
            return Poll::Ready(Ok(()));
        }
        let known = self.ticket;
        let result = state.waiters.poll(&mut self.ticket, waker);
        if let (true, Some(ticket)) = (is_new, self.ticket) {
            state.wanted.insert(ticket, self.n);
        }
        if let (Some(known), Poll::Ready(Err(Deleted))) = (known, result) {
            state.wanted.remove(&known);
        }
        result
    }

    fn describe(&self) -> String {
        let label = &self.semaphore.label;
        if self.n == 1 { label.to_string() } else { format!("{label} ({} permits)", self.n) }
    }
}

impl Drop for AcquirePermits {
    fn drop(&mut self) {
        let Some(ticket) = self.ticket else { return };
        let mut state = self.semaphore.state.lock();
        if state.waiters.give_up(&mut self.ticket) {
            state.free += self.n;
        } else {
            state.wanted.remove(&ticket);
        }
        // Who stood behind may be content with what there is.
        let wakers = state.grant();
        drop(state);
        wake_all(wakers);
    }
}

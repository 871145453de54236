//! `Condition`: tasks that hold a lock wait to be told that something has changed, and have the lock again then.
//!
//! A notification that was meant for one task is that task's once it has the lock again. If it gives up before, the
//! notification goes to the next who waits.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::task::{Poll, Waker};

use super::lock::{Acquire, Lock, NotHeld};
use super::turn::Denied;
use super::waiters::{Ticket, Waiters, wake_all};
use super::{Deleted, Label, Object, Owner, Waiting};
use crate::primitives::Mutex;

/// A condition; see the module documentation.
pub struct Condition {
    label: Label,
    lock: Arc<Lock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiters: Waiters,
    /// Those off the list who were notified one by one, and have not looked since.
    singled_out: BTreeSet<Ticket>,
}

impl Condition {
    /// A condition of what `lock` guards.
    pub fn new(label: Label, lock: Arc<Lock>) -> Condition {
        Condition { label, lock, state: Mutex::default() }
    }

    /// The lock.
    pub fn lock(&self) -> &Arc<Lock> {
        &self.lock
    }

    /// Tells up to `n` tasks, those that have waited longest.
    pub fn notify(&self, n: usize) {
        let mut state = self.state.lock();
        let mut wakers = Vec::new();
        while wakers.len() < n
            && let Some((ticket, waker)) = state.waiters.pop()
        {
            state.singled_out.insert(ticket);
            wakers.push(waker);
        }
        drop(state);
        wake_all(wakers);
    }

    /// Tells all.
    pub fn notify_all(&self) {
        let wakers = self.state.lock().waiters.pop_all();
        wake_all(wakers);
    }
}

impl Object for Condition {
    fn label(&self) -> &Label {
        &self.label
    }

    /// The lock stays.
    fn delete(&self) {
        self.label.mark_deleted();
        let wakers = self.state.lock().waiters.delete();
        wake_all(wakers);
    }
}

/// How a task was told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Told {
    Alone,
    WithAll,
    Deleted,
    /// It has waited long enough.
    Never,
}

enum Phase {
    /// For a notification.
    Waits(Option<Ticket>),
    /// For the lock.
    Returns(Told, Acquire),
    Done,
}

/// A wait for a notification, and then for the lock.
pub struct Notified {
    condition: Arc<Condition>,
    owner: Owner,
    again: usize,
    phase: Phase,
}

impl Notified {
    /// Releases the lock, which `owner` must hold, and waits. Who notifies needs the lock first, so it cannot be missed.
    pub fn new(condition: Arc<Condition>, owner: Owner) -> Result<Notified, NotHeld> {
        let mut ticket = None;
        if condition.lock.is_held_by(owner.id) {
            // On the list before the lock is free. There is nobody to wake yet: whoever made this polls it.
            let _ = condition.state.lock().waiters.poll(&mut ticket, Waker::noop());
        }
        match condition.lock.release_all(owner.id) {
            Ok(again) => Ok(Notified { condition, owner, again, phase: Phase::Waits(ticket) }),
            Err(not_held) => Err(not_held),
        }
    }

    fn go_back(&mut self, told: Told) {
        let acquire = Acquire::again(self.condition.lock.clone(), self.owner.clone(), self.again);
        self.phase = Phase::Returns(told, acquire);
    }

    /// The list has been left without a notification, or with one.
    fn leave(&mut self) -> Option<Told> {
        let Phase::Waits(ticket) = &mut self.phase else { return None };
        let known = (*ticket)?;
        let mut state = self.condition.state.lock();
        let granted = state.waiters.give_up(ticket);
        let alone = state.singled_out.remove(&known);
        granted.then_some(if alone { Told::Alone } else { Told::WithAll })
    }
}

impl Waiting for Notified {
    /// Whether it was notified, and the lock is held again: else it has expired. `Deleted`: the condition, and the lock is
    /// held again, or the lock.
    type Output = Result<bool, Deleted>;

    fn poll(&mut self, waker: &Waker) -> Poll<Result<bool, Deleted>> {
        if let Phase::Waits(ticket) = &mut self.phase {
            let known = *ticket;
            let mut state = self.condition.state.lock();
            let told = match state.waiters.poll(ticket, waker) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(Deleted)) => Told::Deleted,
                Poll::Ready(Ok(())) if known.is_some_and(|known| state.singled_out.remove(&known)) => Told::Alone,
                Poll::Ready(Ok(())) => Told::WithAll,
            };
            drop(state);
            self.go_back(told);
        }
        let Phase::Returns(told, acquire) = &mut self.phase else { return Poll::Ready(Err(Deleted)) };
        let told = *told;
        acquire.poll(waker).map(|acquired| {
            self.phase = Phase::Done;
            match (acquired, told) {
                // Its holder waits here, so it cannot hold it.
                (Err(Denied::Deleted | Denied::Reentered), _) | (Ok(_), Told::Deleted) => Err(Deleted),
                (Ok(_), told) => Ok(told != Told::Never),
            }
        })
    }

    fn describe(&self) -> String {
        match &self.phase {
            Phase::Returns(_, acquire) => acquire.describe(),
            _ => self.condition.label.to_string(),
        }
    }

    /// The lock has to be taken again first.
    fn expire(&mut self) -> bool {
        if matches!(self.phase, Phase::Waits(_)) {
            let told = self.leave().unwrap_or(Told::Never);
            self.go_back(told);
        }
        matches!(self.phase, Phase::Done)
    }
}

impl Drop for Notified {
    fn drop(&mut self) {
        let told = match &self.phase {
            Phase::Waits(_) => self.leave(),
            Phase::Returns(told, _) => Some(*told),
            Phase::Done => None,
        };
        if told == Some(Told::Alone) {
            self.condition.notify(1);
        }
    }
}

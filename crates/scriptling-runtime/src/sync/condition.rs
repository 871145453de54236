//! `Condition`: tasks that hold a lock wait to be told that something has changed, and have the lock again then.
//!
//! A task that is notified is put in the line for the lock by whoever notifies it, and woken when it has the lock: in order,
//! and once. A notification that was meant for one task is that task's when it goes on. If it gives up before, the
//! notification goes to the next who waits.

use std::collections::HashMap;
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
    /// Those off the list who have not looked since: how they were told, and their places in the line for the lock.
    told: HashMap<Ticket, (Told, Ticket)>,
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
        self.tell(n, Told::Alone);
    }

    /// Tells all.
    pub fn notify_all(&self) {
        self.tell(usize::MAX, Told::WithAll);
    }

    fn tell(&self, n: usize, how: Told) {
        let mut state = self.state.lock();
        let mut wakers = Vec::new();
        for _ in 0..n {
            let Some((ticket, waker)) = state.waiters.pop() else { break };
            let (place, waker) = self.lock.enqueue(waker);
            state.told.insert(ticket, (how, place));
            wakers.extend(waker);
        }
        drop(state);
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

    /// Asks for the lock, maybe with a place in the line.
    fn go_back(&mut self, told: Told, place: Option<Ticket>) {
        let acquire = Acquire::again(self.condition.lock.clone(), self.owner.clone(), self.again, place);
        self.phase = Phase::Returns(told, acquire);
    }

    /// Stops waiting for a notification.
    fn leave(&mut self) {
        let Phase::Waits(ticket) = &mut self.phase else { return };
        let known = *ticket;
        let mut state = self.condition.state.lock();
        let granted = state.waiters.give_up(ticket);
        let told = known.filter(|_| granted).and_then(|known| state.told.remove(&known));
        drop(state);
        match told {
            Some((told, place)) => self.go_back(told, Some(place)),
            None => self.go_back(Told::Never, None),
        }
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
            let (told, place) = match state.waiters.poll(ticket, waker) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(Deleted)) => (Told::Deleted, None),
                Poll::Ready(Ok(())) => {
                    let told = known.and_then(|known| state.told.remove(&known));
                    told.map_or((Told::WithAll, None), |(told, place)| (told, Some(place)))
                }
            };
            drop(state);
            self.go_back(told, place);
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
        self.leave();
        matches!(self.phase, Phase::Done)
    }
}

impl Drop for Notified {
    fn drop(&mut self) {
        self.leave();
        if matches!(self.phase, Phase::Returns(Told::Alone, _)) {
            self.condition.notify(1);
        }
    }
}

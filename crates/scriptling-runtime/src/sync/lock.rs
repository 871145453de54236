//! `Lock`: held by one task at a time; a reentrant one as often as that task likes.
//!
//! A lock belongs to the task that took it: nobody else can release it, and when the task ends without having done so it is
//! released on its behalf ([`Owned`]), so that it is not held for ever.

use std::sync::Arc;
use std::task::{Poll, Waker};

use smol_str::SmolStr;

use super::turn::{Denied, Turn};
use super::waiters::{Ticket, wake_all};
use super::{Kind, Label, Object, Owned, Owner, TaskId, Waiting};
use crate::primitives::Mutex;

/// A lock; see the module documentation.
pub struct Lock {
    label: Label,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    turn: Turn,
    /// How often the holder has taken it, beyond the first time.
    again: usize,
}

/// The task does not hold the lock; who does, if anybody.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotHeld(pub Option<SmolStr>);

/// What has become of a lock that was released once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Released {
    /// The task had taken it more than once, and still holds it.
    Not,
    /// The task has nothing to do with it any more.
    Fully,
    /// Somebody waits for it, whom others may overtake until the task calls [`Lock::settle`], when its slice is over.
    Owing,
}

impl Lock {
    /// A free lock; reentrant if it is an `RLock`.
    pub fn new(label: Label) -> Lock {
        Lock { label, state: Mutex::default() }
    }

    fn is_reentrant(&self) -> bool {
        self.label.kind() == Kind::RLock
    }

    /// Takes it if it is free. `Ok(None)`: it is not; else whether the task holds it from now on and did not before.
    pub fn try_acquire(&self, owner: &Owner) -> Result<Option<bool>, Denied> {
        let mut state = self.state.lock();
        match state.turn.try_take(owner) {
            Ok(taken) => Ok(taken.then_some(true)),
            Err(Denied::Reentered) if self.is_reentrant() => {
                state.again += 1;
                Ok(Some(false))
            }
            Err(denied) => Err(denied),
        }
    }

    /// Releases it once, to the one that has waited longest; whether the task does not hold it any more.
    pub fn release(&self, owner: TaskId) -> Result<bool, NotHeld> {
        let released = self.release_by(owner, |turn| (turn.pass_on(), false))?;
        Ok(released != Released::Not)
    }

    /// The same; but if it was held for a part of one slice only, tasks that run already may have it before the one that has
    /// waited longest, until the owner's slice is over.
    pub fn release_lightly(&self, owner: TaskId) -> Result<Released, NotHeld> {
        self.release_by(owner, Turn::end_lightly)
    }

    fn release_by(
        &self,
        owner: TaskId,
        end: impl FnOnce(&mut Turn) -> (Option<Waker>, bool),
    ) -> Result<Released, NotHeld> {
        let mut state = self.state.lock();
        Self::check(&state, owner)?;
        if state.again > 0 {
            state.again -= 1;
            return Ok(Released::Not);
        }
        let (waker, owing) = end(&mut state.turn);
        drop(state);
        wake_all(waker);
        Ok(if owing { Released::Owing } else { Released::Fully })
    }

    /// The slice of a task that has released it and owed this then is over.
    pub fn settle(&self) {
        let waker = self.state.lock().turn.settle();
        wake_all(waker);
    }

    /// Releases it however often it was taken; what is needed to restore that.
    pub fn release_all(&self, owner: TaskId) -> Result<usize, NotHeld> {
        let mut state = self.state.lock();
        Self::check(&state, owner)?;
        let again = std::mem::take(&mut state.again);
        let waker = state.turn.pass_on();
        drop(state);
        wake_all(waker);
        Ok(again)
    }

    fn check(state: &State, owner: TaskId) -> Result<(), NotHeld> {
        if state.turn.is_held_by(owner) {
            return Ok(());
        }
        Err(NotHeld(state.turn.holder().map(|holder| holder.name.clone())))
    }

    /// Gives a task a place in the line; it goes on by [`Acquire::again`]. Who is to be woken.
    pub(crate) fn enqueue(&self, waker: Waker) -> (Ticket, Option<Waker>) {
        self.state.lock().turn.enqueue(waker)
    }

    /// Whether anybody holds it.
    pub fn is_held(&self) -> bool {
        self.state.lock().turn.is_taken()
    }

    /// Whether that task holds it.
    pub fn is_held_by(&self, owner: TaskId) -> bool {
        self.state.lock().turn.is_held_by(owner)
    }

    /// The name of the task that holds it.
    pub fn holder(&self) -> Option<SmolStr> {
        self.state.lock().turn.holder().map(|holder| holder.name.clone())
    }
}

impl Object for Lock {
    fn label(&self) -> &Label {
        &self.label
    }

    fn delete(&self) {
        self.label.mark_deleted();
        let wakers = self.state.lock().turn.delete();
        wake_all(wakers);
    }
}

impl Owned for Lock {
    fn abandon(&self, owner: TaskId) -> bool {
        self.release_all(owner).is_ok()
    }

    fn slice_over(&self) {
        self.state.lock().turn.slice_over();
    }
}

/// A wait for a lock.
pub struct Acquire {
    lock: Arc<Lock>,
    owner: Owner,
    again: usize,
    ticket: Option<Ticket>,
}

impl Acquire {
    /// Asks for the lock.
    pub fn new(lock: Arc<Lock>, owner: Owner) -> Acquire {
        Acquire { lock, owner, again: 0, ticket: None }
    }

    /// Asks for a lock that was released by [`Lock::release_all`], maybe with a place in the line.
    pub(crate) fn again(lock: Arc<Lock>, owner: Owner, again: usize, ticket: Option<Ticket>) -> Acquire {
        Acquire { lock, owner, again, ticket }
    }
}

impl Waiting for Acquire {
    /// Whether the task holds it from now on and did not before.
    type Output = Result<bool, Denied>;

    fn poll(&mut self, waker: &Waker) -> Poll<Result<bool, Denied>> {
        let mut state = self.lock.state.lock();
        match state.turn.poll(&mut self.ticket, &self.owner, waker) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(())) => {
                state.again = self.again;
                Poll::Ready(Ok(true))
            }
            Poll::Ready(Err(Denied::Reentered)) if self.lock.is_reentrant() => {
                state.again += 1;
                Poll::Ready(Ok(false))
            }
            Poll::Ready(Err(denied)) => Poll::Ready(Err(denied)),
        }
    }

    fn describe(&self) -> String {
        match self.lock.holder() {
            Some(holder) => format!("{} held by task '{holder}'", self.lock.label),
            None => self.lock.label.to_string(),
        }
    }
}

impl Drop for Acquire {
    fn drop(&mut self) {
        if self.ticket.is_some() {
            let waker = self.lock.state.lock().turn.give_up(&mut self.ticket);
            wake_all(waker);
        }
    }
}

//! `Turn`: one task at a time, in order of arrival. To be kept under the lock of what it guards.
//!
//! The turn is handed over: whoever ends it gives it to the task that has waited longest, which holds it from then on, even
//! if it has not run yet. So nobody overtakes, and a task that gives up after it was given the turn passes it on.
//!
//! Among many short turns that is dear: once a task waits, each turn would cost two switches of tasks, for ever. So a turn
//! that began and ended within one slice of its task can be [ended lightly](Turn::end_lightly): it is free, the next in line is
//! woken once, and until that comes, whoever runs may take it. The task that ended it so owes the line that much: when its
//! slice is over, it [settles](Turn::settle), after which the turn is handed over as ever.

use std::task::{Poll, Waker};

use super::waiters::{Ticket, Waiters};
use super::{Deleted, Owner, TaskId};

/// Why a task does not get its turn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Denied {
    /// It has it already.
    Reentered,
    /// There will be none.
    Deleted,
}

impl From<Deleted> for Denied {
    fn from(_: Deleted) -> Denied {
        Denied::Deleted
    }
}

#[derive(Default)]
enum Holder {
    #[default]
    Free,
    Held(Owner),
    /// Given to a waiter that has not run since.
    Granted(Ticket),
}

/// Whose turn it is; see the module documentation.
#[derive(Default)]
pub(crate) struct Turn {
    holder: Holder,
    waiters: Waiters,
    /// Whether the first in line was woken to take what is free.
    woken: bool,
    /// Whether nobody may overtake it any more.
    due: bool,
    /// Whether whoever has the turn has had it when a slice was over.
    long: bool,
}

impl Turn {
    /// Takes the turn if it is free.
    pub(crate) fn try_take(&mut self, owner: &Owner) -> Result<bool, Denied> {
        match &self.holder {
            _ if self.waiters.is_deleted() => Err(Denied::Deleted),
            Holder::Held(held) if held.id == owner.id => Err(Denied::Reentered),
            Holder::Free => {
                self.begin(owner);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Takes the turn, or waits for it with `ticket`.
    pub(crate) fn poll(
        &mut self,
        ticket: &mut Option<Ticket>,
        owner: &Owner,
        waker: &Waker,
    ) -> Poll<Result<(), Denied>> {
        match (*ticket, &self.holder) {
            (None, _) => match self.try_take(owner) {
                Ok(false) => {}
                Ok(true) => return Poll::Ready(Ok(())),
                Err(denied) => return Poll::Ready(Err(denied)),
            },
            (Some(known), Holder::Granted(granted)) if known == *granted => {
                *ticket = None;
                self.begin(owner);
                return Poll::Ready(Ok(()));
            }
            (Some(known), Holder::Free) if self.waiters.first() == Some(known) && !self.waiters.is_deleted() => {
                *ticket = None;
                self.pop();
                self.begin(owner);
                return Poll::Ready(Ok(()));
            }
            _ => {}
        }
        self.waiters.poll(ticket, waker).map(|result| {
            debug_assert!(result.is_err(), "a ticket leaves the list by being granted the turn");
            Err(Denied::Deleted)
        })
    }

    fn begin(&mut self, owner: &Owner) {
        self.holder = Holder::Held(owner.clone());
        self.long = false;
    }

    /// Puts a task at the end of the line, as [`Turn::poll`] does; who is to be woken because it is its turn already, or because
    /// there will be none.
    pub(crate) fn enqueue(&mut self, waker: Waker) -> (Ticket, Option<Waker>) {
        let ticket = self.waiters.park(&waker);
        if self.waiters.is_deleted() {
            return (ticket, Some(waker));
        }
        (ticket, if self.is_taken() { None } else { self.pass_on() })
    }

    /// Who waits with `ticket` gives up; who is to be woken.
    #[must_use]
    pub(crate) fn give_up(&mut self, ticket: &mut Option<Ticket>) -> Option<Waker> {
        let known = (*ticket)?;
        let first = self.waiters.first() == Some(known);
        let gone = self.waiters.give_up(ticket);
        let granted = gone && matches!(self.holder, Holder::Granted(holder) if holder == known);
        // The first in line may have been woken to take what is free.
        if granted || (first && matches!(self.holder, Holder::Free)) {
            return self.pass_on();
        }
        if first {
            (self.woken, self.due) = (false, false);
        }
        None
    }

    /// Ends the turn of whoever has it; who is to be woken.
    #[must_use]
    pub(crate) fn pass_on(&mut self) -> Option<Waker> {
        match self.pop() {
            Some((ticket, waker)) => {
                self.holder = Holder::Granted(ticket);
                Some(waker)
            }
            None => {
                self.holder = Holder::Free;
                None
            }
        }
    }

    /// Ends a turn, as [`Turn::pass_on`] unless it was short (see the module documentation). Who is to be woken, and whether its
    /// task must [settle](Turn::settle) later.
    #[must_use]
    pub(crate) fn end_lightly(&mut self) -> (Option<Waker>, bool) {
        if self.long || self.due {
            return (self.pass_on(), false);
        }
        self.holder = Holder::Free;
        let Some(first) = self.waiters.first_waker() else { return (None, false) };
        let woken = std::mem::replace(&mut self.woken, true);
        ((!woken).then_some(first), true)
    }

    /// A slice of the task that has the turn is over.
    pub(crate) fn slice_over(&mut self) {
        self.long = true;
    }

    /// Who has ended turns lightly does so no more: the first in line is the next; who is to be woken.
    #[must_use]
    pub(crate) fn settle(&mut self) -> Option<Waker> {
        if matches!(self.holder, Holder::Free) {
            return self.pass_on();
        }
        self.due = self.waiters.first().is_some();
        None
    }

    /// Takes the first off the line.
    fn pop(&mut self) -> Option<(Ticket, Waker)> {
        (self.woken, self.due) = (false, false);
        self.waiters.pop()
    }

    /// Ends the turn and the wait of all others, who do not get it: they find what they have waited for elsewhere.
    #[must_use]
    pub(crate) fn dismiss_all(&mut self) -> Vec<Waker> {
        self.holder = Holder::Free;
        (self.woken, self.due) = (false, false);
        self.waiters.pop_all()
    }

    /// Nobody gets a turn any more; who is to be woken. Whoever has it keeps it.
    #[must_use]
    pub(crate) fn delete(&mut self) -> Vec<Waker> {
        self.waiters.delete()
    }

    /// Who has it.
    pub(crate) fn holder(&self) -> Option<&Owner> {
        if let Holder::Held(owner) = &self.holder { Some(owner) } else { None }
    }

    /// Whether a task has it.
    pub(crate) fn is_held_by(&self, owner: TaskId) -> bool {
        self.holder().is_some_and(|holder| holder.id == owner)
    }

    /// Whether it is anybody's.
    pub(crate) fn is_taken(&self) -> bool {
        !matches!(self.holder, Holder::Free)
    }
}

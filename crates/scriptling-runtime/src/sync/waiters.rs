//! `Waiters`: a FIFO list of parked tasks, to be kept under the lock of what they wait for.
//!
//! A task that parks gets a ticket; being taken off the list *is* the grant. So there is no window in which a wake-up can
//! get lost, and a task that gives up can tell whether it was granted something that it must pass on. Wakers are returned to
//! the caller, who wakes them after unlocking.
//!
//! A list whose object was deleted grants nothing any more: those on it, and those who come later, are told so.

use std::collections::VecDeque;
use std::task::{Poll, Waker};

use super::Deleted;

/// Identifies a parked task in its list.
pub(crate) type Ticket = u64;

/// A place in the line: whose, and what wakes it; `None` if it gave up.
type Place = (Ticket, Option<Waker>);

/// Parked tasks in order of arrival.
#[derive(Default)]
pub(crate) struct Waiters {
    next: Ticket,
    /// The first in line, and the only one mostly: it needs no memory of its own. `None` if there is no line.
    first: Option<Place>,
    /// The others, sorted by ticket. Boxed: every task has such a list, and nearly all of them are empty.
    #[expect(clippy::box_collection, reason = "see above")]
    others: Option<Box<VecDeque<Place>>>,
    live: u32,
    deleted: bool,
}

impl Waiters {
    /// Puts a task at the end.
    pub(crate) fn park(&mut self, waker: &Waker) -> Ticket {
        let ticket = self.next;
        self.next += 1;
        let place = (ticket, Some(waker.clone()));
        match self.first {
            None => self.first = Some(place),
            Some(_) => self.others.get_or_insert_default().push_back(place),
        }
        self.live += 1;
        ticket
    }

    /// Whether the task still waits; if so, `waker` is what will wake it.
    pub(crate) fn still_waits(&mut self, ticket: Ticket, waker: &Waker) -> bool {
        match self.slot(ticket) {
            Some(slot @ Some(_)) => {
                if !slot.as_ref().is_some_and(|known| known.will_wake(waker)) {
                    *slot = Some(waker.clone());
                }
                true
            }
            _ => false,
        }
    }

    /// Takes a task that gives up off the list; false if it was granted before.
    pub(crate) fn remove(&mut self, ticket: Ticket) -> bool {
        let Some(slot) = self.slot(ticket) else { return false };
        if slot.take().is_none() {
            return false;
        }
        self.live -= 1;
        // Tombstones cost memory only; they go when they are most of the list, so removing stays cheap on average.
        if let Some(others) = &mut self.others
            && others.len() > 32
            && (self.live as usize) < others.len() / 2
        {
            others.retain(|(_, waker)| waker.is_some());
        }
        while matches!(self.first, Some((_, None))) {
            self.next_is_first();
        }
        true
    }

    /// One look of a task that holds what an earlier look has left in `ticket`: puts it on the list, or says whether it has
    /// been granted.
    pub(crate) fn poll(&mut self, ticket: &mut Option<Ticket>, waker: &Waker) -> Poll<Result<(), Deleted>> {
        let Some(known) = *ticket else {
            if self.deleted {
                return Poll::Ready(Err(Deleted));
            }
            *ticket = Some(self.park(waker));
            return Poll::Pending;
        };
        if !self.still_waits(known, waker) {
            *ticket = None;
            return Poll::Ready(Ok(()));
        }
        if self.deleted {
            self.remove(known);
            *ticket = None;
            return Poll::Ready(Err(Deleted));
        }
        Poll::Pending
    }

    /// The task gives up, if it is on the list; whether it had been granted.
    pub(crate) fn give_up(&mut self, ticket: &mut Option<Ticket>) -> bool {
        ticket.take().is_some_and(|ticket| !self.remove(ticket))
    }

    /// Grants to the task that has waited longest.
    pub(crate) fn pop(&mut self) -> Option<(Ticket, Waker)> {
        if self.deleted {
            return None;
        }
        while let Some((ticket, waker)) = self.first.take() {
            self.next_is_first();
            if let Some(waker) = waker {
                self.live -= 1;
                return Some((ticket, waker));
            }
        }
        None
    }

    /// Who has waited longest.
    pub(crate) fn first(&self) -> Option<Ticket> {
        self.places().find(|(_, waker)| waker.is_some()).map(|(ticket, _)| *ticket)
    }

    /// What wakes it.
    pub(crate) fn first_waker(&self) -> Option<Waker> {
        self.places().find_map(|(_, waker)| waker.clone())
    }

    /// Grants to all.
    pub(crate) fn pop_all(&mut self) -> Vec<Waker> {
        self.drain().collect()
    }

    /// As [`Waiters::pop_all`], without another list: there may be a million, or one of each of a million tasks.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = Waker> + use<> {
        let (mut first, mut others) = (None, None);
        if !self.deleted {
            (first, others) = (self.first.take(), self.others.take());
            self.live = 0;
        }
        first.into_iter().chain(others.into_iter().flat_map(|others| *others)).filter_map(|(_, waker)| waker)
    }

    /// Grants nothing from now on. Who waits is woken, and learns it from [`Waiters::poll`].
    pub(crate) fn delete(&mut self) -> Vec<Waker> {
        self.deleted = true;
        self.places().filter_map(|(_, waker)| waker.clone()).collect()
    }

    /// Whether it grants nothing any more.
    pub(crate) fn is_deleted(&self) -> bool {
        self.deleted
    }

    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        self.live as usize
    }

    fn next_is_first(&mut self) {
        self.first = self.others.as_mut().and_then(|others| others.pop_front());
    }

    fn places(&self) -> impl Iterator<Item = &Place> {
        self.first.iter().chain(self.others.iter().flat_map(|others| others.iter()))
    }

    fn slot(&mut self, ticket: Ticket) -> Option<&mut Option<Waker>> {
        if let Some((known, waker)) = &mut self.first
            && *known == ticket
        {
            return Some(waker);
        }
        let others = self.others.as_mut()?;
        let at = others.binary_search_by_key(&ticket, |(known, _)| *known).ok()?;
        Some(&mut others[at].1)
    }
}

/// Wakes all, after the lock is gone.
pub(crate) fn wake_all(wakers: impl IntoIterator<Item = Waker>) {
    wakers.into_iter().for_each(Waker::wake);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_are_granted_in_order_and_those_that_gave_up_are_skipped() {
        let mut waiters = Waiters::default();
        let tickets: Vec<Ticket> = (0..100).map(|_| waiters.park(Waker::noop())).collect();
        assert!(tickets.iter().step_by(3).all(|&ticket| waiters.remove(ticket)));
        assert!(!waiters.remove(tickets[0]), "only once");
        let granted: Vec<Ticket> = std::iter::from_fn(|| waiters.pop().map(|(ticket, _)| ticket)).collect();
        let expected: Vec<Ticket> = tickets.iter().copied().filter(|ticket| ticket % 3 != 0).collect();
        assert_eq!(granted, expected);
        assert_eq!(waiters.len(), 0);
        assert!(!waiters.still_waits(granted[0], Waker::noop()) && !waiters.remove(granted[0]));
    }

    #[test]
    fn a_deleted_list_tells_those_on_it_and_those_who_come_and_keeps_old_grants() {
        let mut waiters = Waiters::default();
        let mut tickets = [None; 3];
        assert!(tickets.iter_mut().all(|ticket| waiters.poll(ticket, Waker::noop()).is_pending()));
        assert!(waiters.pop().is_some());
        assert_eq!((waiters.delete().len(), waiters.pop_all().len()), (2, 0));
        let [first, second, third] = &mut tickets;
        assert_eq!(waiters.poll(first, Waker::noop()), Poll::Ready(Ok(())));
        assert_eq!(waiters.poll(second, Waker::noop()), Poll::Ready(Err(Deleted)));
        assert!(!waiters.give_up(third), "it was granted nothing");
        assert_eq!(waiters.poll(&mut None, Waker::noop()), Poll::Ready(Err(Deleted)));
        assert_eq!(waiters.len(), 0);
    }
}

//! `Waiters`: a FIFO list of parked tasks, to be kept under the lock of what they wait for.
//!
//! A task that parks gets a ticket; being taken off the list *is* the grant. So there is no window in which a wake-up can
//! get lost, and a task that gives up can tell whether it was granted something that it must pass on. Wakers are returned to
//! the caller, who wakes them after unlocking.

use std::collections::VecDeque;
use std::task::Waker;

/// Identifies a parked task in its list.
pub(crate) type Ticket = u64;

/// Parked tasks in order of arrival.
#[derive(Default)]
pub(crate) struct Waiters {
    next: Ticket,
    /// Sorted by ticket; `None` for those that gave up.
    list: VecDeque<(Ticket, Option<Waker>)>,
    live: usize,
}

impl Waiters {
    /// Puts a task at the end.
    pub(crate) fn park(&mut self, waker: &Waker) -> Ticket {
        let ticket = self.next;
        self.next += 1;
        self.list.push_back((ticket, Some(waker.clone())));
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
        if self.list.len() > 32 && self.live < self.list.len() / 2 {
            self.list.retain(|(_, waker)| waker.is_some());
        }
        true
    }

    /// Grants to the task that has waited longest.
    pub(crate) fn pop(&mut self) -> Option<(Ticket, Waker)> {
        while let Some((ticket, waker)) = self.list.pop_front() {
            if let Some(waker) = waker {
                self.live -= 1;
                return Some((ticket, waker));
            }
        }
        None
    }

    /// Grants to all.
    pub(crate) fn pop_all(&mut self) -> Vec<Waker> {
        self.live = 0;
        std::mem::take(&mut self.list).into_iter().filter_map(|(_, waker)| waker).collect()
    }

    /// How many wait.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.live
    }

    fn slot(&mut self, ticket: Ticket) -> Option<&mut Option<Waker>> {
        let at = self.list.binary_search_by_key(&ticket, |(known, _)| *known).ok()?;
        Some(&mut self.list[at].1)
    }
}

/// Wakes all, after the lock is gone.
pub(crate) fn wake_all(wakers: Vec<Waker>) {
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
}

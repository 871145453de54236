//! Who is next: the order of what is queued in a pool.
//!
//! Tasks that were woken go before tasks that used up their slice; every [`PATIENCE`]th turn it is the other way round, so
//! that neither starves.
//!
//! # Homes
//! Woken tasks go in the order of their arrival, but a worker prefers those whose *home* it is: on which it has made their
//! isolate. Their memory is in its caches if anywhere, and giving it back takes no atomic operation. With two workers that
//! makes waking a million tasks an eighth faster, and nothing that was measured slower. It is a preference only. Nobody is overtaken by more than [`AHEAD`] that
//! came later (and one for each worker, since only one other home is looked at in a turn), so a worker that does not come
//! back to its own, or has less to do than another one, changes nothing for those who wait.

use std::collections::VecDeque;

use crate::seeded::Seeded;

/// After this many turns of woken tasks, one turn for a preempted one.
const PATIENCE: usize = 8;

/// By how many that came later a task may be overtaken, because a worker is their home and not the task's.
const AHEAD: u64 = 64;

/// How many woken tasks a worker takes with one at most.
const MORE: usize = 15;

/// What is queued.
pub(crate) struct Ready<T> {
    /// Woken tasks that are at home on no worker: new ones.
    homeless: VecDeque<Arrived<T>>,
    /// The others, by worker.
    homes: Box<[VecDeque<Arrived<T>>]>,
    preempted: VecDeque<T>,
    /// How many have been woken.
    arrivals: u64,
    /// How many woken ones there are.
    woken: usize,
    turns: usize,
}

/// A task with the number of its arrival.
struct Arrived<T> {
    number: u64,
    task: T,
}

impl<T> Default for Ready<T> {
    fn default() -> Self {
        Ready {
            homeless: VecDeque::new(),
            homes: Box::default(),
            preempted: VecDeque::new(),
            arrivals: 0,
            woken: 0,
            turns: 0,
        }
    }
}

impl<T> Ready<T> {
    /// From now on there are workers.
    pub(crate) fn set_workers(&mut self, workers: usize) {
        self.homes = (0..workers).map(|_| VecDeque::new()).collect();
    }

    /// How many woken tasks there are.
    pub(crate) fn woken(&self) -> usize {
        self.woken
    }

    /// How many preempted ones.
    pub(crate) fn preempted(&self) -> usize {
        self.preempted.len()
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.woken + self.preempted.len()
    }

    /// How often somebody has been taken out.
    pub(crate) fn turns(&self) -> usize {
        self.turns
    }

    /// Adds one that was woken, or is new.
    pub(crate) fn push_woken(&mut self, task: T, home: Option<usize>) {
        self.arrivals += 1;
        self.woken += 1;
        let number = self.arrivals;
        let queue = home.and_then(|home| self.homes.get_mut(home)).unwrap_or(&mut self.homeless);
        queue.push_back(Arrived { number, task });
    }

    /// Adds one that goes before all others.
    pub(crate) fn push_first(&mut self, task: T) {
        self.woken += 1;
        self.homeless.push_front(Arrived { number: 0, task });
    }

    /// Adds one that has had its share.
    pub(crate) fn push_preempted(&mut self, task: T) {
        self.preempted.push_back(task);
    }

    /// Takes out who is next on a worker, or on a thread that is none.
    pub(crate) fn pop(&mut self, worker: Option<usize>) -> Option<T> {
        let turns = self.turns.wrapping_add(1);
        let next = if turns.is_multiple_of(PATIENCE) {
            self.preempted.pop_front().or_else(|| self.pop_woken(worker))
        } else {
            self.pop_woken(worker).or_else(|| self.preempted.pop_front())
        }?;
        self.turns = turns;
        Some(next)
    }

    /// Takes out whom a seed decides for.
    pub(crate) fn pop_seeded(&mut self, seeded: &Seeded) -> Option<T> {
        // Without workers nobody has a home.
        let (woken, count) = (self.homeless.len(), self.len());
        if count == 0 {
            return None;
        }
        let at = seeded.pick(count);
        // Their order means nothing here.
        let next = if at < woken {
            self.woken -= 1;
            self.homeless.swap_remove_back(at).map(|arrived| arrived.task)
        } else {
            self.preempted.swap_remove_back(at - woken)
        };
        self.turns = self.turns.wrapping_add(1);
        next
    }

    /// How many woken tasks a worker may take with one: a part of many, if there is nobody else to be thought of.
    pub(crate) fn share(&self) -> usize {
        let share = if self.preempted.is_empty() { self.woken / (4 * self.homes.len()).max(1) } else { 0 };
        share.min(MORE)
    }

    /// Takes out the woken task that is next on a worker, or on a thread that is none.
    pub(crate) fn pop_woken(&mut self, worker: Option<usize>) -> Option<T> {
        if self.woken == 0 {
            return None;
        }
        let first = |queue: &VecDeque<Arrived<T>>| queue.front().map_or(u64::MAX, |arrived| arrived.number);
        let others = first(&self.homeless);
        let own = worker.and_then(|worker| self.homes.get(worker)).map_or(u64::MAX, first);
        let near = own.min(others);
        let queue = if near == u64::MAX {
            self.homes.iter_mut().min_by_key(|queue| first(queue))
        } else {
            // One per turn, in turn.
            let other = self.turns % self.homes.len().max(1);
            match self.homes.get(other).map_or(u64::MAX, first) {
                far if far < near.saturating_sub(AHEAD) => self.homes.get_mut(other),
                _ if own < others => worker.and_then(|worker| self.homes.get_mut(worker)),
                _ => Some(&mut self.homeless),
            }
        };
        let next = queue?.pop_front()?;
        self.woken -= 1;
        Some(next.task)
    }
}

#[cfg(test)]
mod tests {
    use super::{AHEAD, Ready};

    fn two_workers() -> Ready<u64> {
        let mut ready = Ready::default();
        ready.set_workers(2);
        ready
    }

    fn rest(ready: &mut Ready<u64>, worker: usize) -> Vec<u64> {
        std::iter::from_fn(|| ready.pop(Some(worker))).collect()
    }

    #[test]
    fn a_worker_prefers_its_own_and_takes_the_others_when_there_are_no_more() {
        let mut ready = two_workers();
        (0..6).for_each(|task| ready.push_woken(task, Some((task % 2) as usize)));
        assert_eq!(ready.woken(), 6);
        assert_eq!(rest(&mut ready, 1), [1, 3, 5, 0, 2, 4]);
        assert_eq!((ready.len(), ready.turns()), (0, 6));
    }

    #[test]
    fn a_task_is_overtaken_by_few() {
        let mut ready = two_workers();
        ready.push_woken(0, Some(0));
        // As many as there may be, and those that its home is not looked at for.
        let most = AHEAD + 2;
        (1..=2 * most).for_each(|task| ready.push_woken(task, Some(1)));
        let before = rest(&mut ready, 1).iter().position(|task| *task == 0).expect("it is there") as u64;
        assert!((AHEAD..=most).contains(&before), "{before}");
    }

    #[test]
    fn new_tasks_and_those_of_a_thread_without_home_go_by_arrival() {
        let mut ready = two_workers();
        for task in 0..6 {
            ready.push_woken(task, (task % 3 == 0).then_some(0));
        }
        assert_eq!(rest(&mut ready, 0), [0, 1, 2, 3, 4, 5]);
        (0..4).for_each(|task| ready.push_woken(task, Some((task % 2) as usize)));
        ready.push_first(9);
        let by_arrival: Vec<u64> = std::iter::from_fn(|| ready.pop(None)).collect();
        assert_eq!(by_arrival, [9, 0, 1, 2, 3]);
    }

    #[test]
    fn preempted_tasks_wait_for_woken_ones_but_not_for_ever() {
        let mut ready = two_workers();
        (0..20).for_each(|task| ready.push_woken(task, Some(0)));
        ready.push_preempted(99);
        let order = rest(&mut ready, 0);
        assert_eq!(order.iter().position(|task| *task == 99), Some(super::PATIENCE - 1));
        assert_eq!((order.len(), ready.preempted()), (21, 0));
    }
}

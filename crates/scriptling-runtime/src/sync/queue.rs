//! `Queue`: first in, first out, bounded or not, for any number of producers and consumers.
//!
//! Items are handed over directly: a `put` gives its item to the consumer that has waited longest, a `get` that makes room
//! takes in the item of the producer that has waited longest. So nobody overtakes, and a task that is cancelled between the
//! hand-over and its own run passes the item on: none is lost, and none is overtaken by one that was put later.
//!
//! # Invariants
//! If items are queued, no consumer waits. If there is room, no producer waits. An item that was handed over is older than
//! all that are queued, because nothing was queued then.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::task::{Poll, Waker};

use scriptling_vm::portable::Portable;

use super::waiters::{Ticket, Waiters, wake_all};
use super::{Deleted, Label, Object, Waiting};
use crate::cap::Item;
use crate::primitives::{Mutex, MutexGuard};

/// Why nothing can be put, or nothing will come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// The queue was closed (and, for consumers, is drained).
    Closed,
    /// The queue was deleted.
    Deleted,
}

/// A queue; see the module documentation.
pub struct Queue {
    label: Label,
    maxsize: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    items: VecDeque<Item>,
    /// Items that consumers were given and did not live to take, by the number of their hand-over: older than `items`.
    returned: BTreeMap<u64, Item>,
    closed: bool,
    getters: Waiters,
    /// Items given to consumers that have not run since, with the number of their hand-over.
    delivered: HashMap<Ticket, (u64, Item)>,
    handed_over: u64,
    putters: Waiters,
    /// Items of producers that wait (or have waited when the queue was closed).
    offered: HashMap<Ticket, Item>,
    /// Those who want to know when there is room and put nothing themselves.
    lookouts: Waiters,
    /// Items put and not yet reported as done.
    unfinished: u64,
    /// Those who wait until there are none.
    joiners: Waiters,
}

impl Queue {
    /// An empty queue for up to `maxsize` items (0: any number).
    pub fn new(label: Label, maxsize: usize) -> Queue {
        Queue { label, maxsize, state: Mutex::default() }
    }

    /// The most items it holds; 0: any number.
    pub fn maxsize(&self) -> usize {
        self.maxsize
    }

    /// How many items are queued.
    pub fn size(&self) -> usize {
        self.state.lock().len()
    }

    /// Whether `put` would wait.
    pub fn is_full(&self) -> bool {
        !self.has_room(&self.state.lock())
    }

    /// How many items have been put and not reported by [`Queue::task_done`].
    pub fn unfinished(&self) -> u64 {
        self.state.lock().unfinished
    }

    /// Whether it is closed.
    pub fn is_closed(&self) -> bool {
        self.state.lock().closed
    }

    /// Ends it: waiting producers fail, consumers get what is queued and then fail. Again: nothing happens.
    pub fn close(&self) {
        let mut state = self.state.lock();
        let mut wakers = state.close();
        if self.is_over(&state) {
            wakers.append(&mut state.getters.pop_all());
        }
        drop(state);
        wake_all(wakers);
    }

    /// Adds an item; if there is no room, `Err` gives it back.
    pub fn try_put(&self, item: impl Into<Item>) -> Result<Result<(), Ended>, Item> {
        let item = item.into();
        let state = self.state.lock();
        if !state.closed && !self.has_room(&state) {
            return Err(item);
        }
        Ok(self.put_now(state, item))
    }

    /// Adds an item whether there is room or not.
    pub fn force_put(&self, item: impl Into<Item>) -> Result<(), Ended> {
        self.put_now(self.state.lock(), item.into())
    }

    fn put_now(&self, mut state: MutexGuard<'_, State>, item: Item) -> Result<(), Ended> {
        if state.closed {
            return Err(self.ended());
        }
        let waker = state.add(item);
        drop(state);
        wake_all(waker);
        Ok(())
    }

    /// Takes an item if there is one.
    pub fn try_get(&self) -> Poll<Result<Portable, Ended>> {
        self.take_now(self.state.lock())
    }

    fn take_now(&self, mut state: MutexGuard<'_, State>) -> Poll<Result<Portable, Ended>> {
        match state.take() {
            Some(item) => {
                let wakers = self.refill(&mut state);
                drop(state);
                wake_all(wakers);
                Poll::Ready(Ok(item.into_value()))
            }
            None if self.is_over(&state) => Poll::Ready(Err(self.ended())),
            None => Poll::Pending,
        }
    }

    /// An item that was taken is done with. False if there was none.
    pub fn task_done(&self) -> bool {
        let mut state = self.state.lock();
        let Some(left) = state.unfinished.checked_sub(1) else { return false };
        state.unfinished = left;
        let wakers = if left == 0 { state.joiners.pop_all() } else { Vec::new() };
        drop(state);
        wake_all(wakers);
        true
    }

    fn ended(&self) -> Ended {
        if self.label.is_deleted() { Ended::Deleted } else { Ended::Closed }
    }

    /// Whether nothing will ever come out of it again. An item that was handed over and not taken may come back, if its
    /// consumer is cancelled.
    fn is_over(&self, state: &State) -> bool {
        state.closed && state.len() == 0 && (state.delivered.is_empty() || self.label.is_deleted())
    }

    fn has_room(&self, state: &State) -> bool {
        self.maxsize == 0 || state.len() < self.maxsize
    }

    /// After an item was taken: lets in the producer that has waited longest.
    fn refill(&self, state: &mut State) -> Wakers {
        let mut wakers = Wakers::default();
        if state.closed || !self.has_room(state) {
            return wakers;
        }
        if let Some((ticket, waker)) = state.putters.pop() {
            let item = state.offered.remove(&ticket).expect("a waiting producer has offered an item");
            state.items.push_back(item);
            state.unfinished += 1;
            wakers.0 = Some(waker);
        }
        wakers.1 = state.lookouts.pop_all();
        wakers
    }
}

/// Of the producer that was let in, and of all who look out for room. Nearly always nobody.
#[derive(Default)]
struct Wakers(Option<Waker>, Vec<Waker>);

impl IntoIterator for Wakers {
    type Item = Waker;
    type IntoIter = std::iter::Chain<std::option::IntoIter<Waker>, std::vec::IntoIter<Waker>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().chain(self.1)
    }
}

impl Object for Queue {
    fn label(&self) -> &Label {
        &self.label
    }

    fn delete(&self) {
        self.label.mark_deleted();
        let mut state = self.state.lock();
        let mut wakers = state.close();
        wakers.append(&mut state.getters.pop_all());
        wakers.append(&mut state.joiners.delete());
        let dropped = (std::mem::take(&mut state.items), std::mem::take(&mut state.returned));
        drop(state);
        wake_all(wakers);
        // They may be many: freed after the lock.
        drop(dropped);
    }
}

impl State {
    fn len(&self) -> usize {
        self.returned.len() + self.items.len()
    }

    /// Consumers are told when it is over.
    fn close(&mut self) -> Vec<Waker> {
        self.closed = true;
        let mut wakers = self.putters.pop_all();
        wakers.append(&mut self.lookouts.pop_all());
        wakers
    }

    /// Takes the oldest item off the queue.
    fn take(&mut self) -> Option<Item> {
        match self.returned.pop_first() {
            Some((_, item)) => Some(item),
            None => self.items.pop_front(),
        }
    }

    /// Gives an item to the first consumer or queues it.
    fn add(&mut self, item: Item) -> Option<Waker> {
        self.unfinished += 1;
        match self.getters.pop() {
            Some((ticket, waker)) => {
                self.delivered.insert(ticket, (self.handed_over, item));
                self.handed_over += 1;
                Some(waker)
            }
            None => {
                self.items.push_back(item);
                None
            }
        }
    }

    /// Gives an item that was handed over in vain to the next consumer or back to its place in the queue.
    fn pass_on(&mut self, (number, item): (u64, Item)) -> Option<Waker> {
        match self.getters.pop() {
            Some((ticket, waker)) => {
                self.delivered.insert(ticket, (number, item));
                Some(waker)
            }
            None => {
                self.returned.insert(number, item);
                None
            }
        }
    }
}

/// A consumer's wait.
pub struct Get {
    queue: Arc<Queue>,
    ticket: Option<Ticket>,
}

impl Get {
    /// Waits for an item of `queue`.
    pub fn new(queue: Arc<Queue>) -> Get {
        Get { queue, ticket: None }
    }
}

impl Waiting for Get {
    type Output = Result<Portable, Ended>;

    fn poll(&mut self, waker: &Waker) -> Poll<Result<Portable, Ended>> {
        let mut state = self.queue.state.lock();
        let Some(ticket) = self.ticket else {
            if state.len() == 0 && !self.queue.is_over(&state) {
                self.ticket = Some(state.getters.park(waker));
                return Poll::Pending;
            }
            return self.queue.take_now(state);
        };
        if state.getters.still_waits(ticket, waker) {
            return Poll::Pending;
        }
        self.ticket = None;
        // Without an item it was woken by `close`: a consumer that was cancelled since may have left one, or may yet.
        let item = state.delivered.remove(&ticket).map(|(_, item)| item).or_else(|| state.take());
        let over = self.queue.is_over(&state);
        if item.is_none() && !over {
            self.ticket = Some(state.getters.park(waker));
            return Poll::Pending;
        }
        let others = if over { state.getters.pop_all() } else { Vec::new() };
        drop(state);
        wake_all(others);
        Poll::Ready(item.map(Item::into_value).ok_or_else(|| self.queue.ended()))
    }

    fn describe(&self) -> String {
        format!("{} (get)", self.queue.label)
    }
}

impl Drop for Get {
    fn drop(&mut self) {
        let Some(ticket) = self.ticket else { return };
        let mut state = self.queue.state.lock();
        if state.getters.remove(ticket) {
            return;
        }
        // Granted, but this consumer will not run.
        let Some(granted) = state.delivered.remove(&ticket) else { return };
        let waker = state.pass_on(granted);
        drop(state);
        wake_all(waker);
    }
}

/// A producer's wait.
pub struct Put {
    queue: Arc<Queue>,
    item: Option<Item>,
    ticket: Option<Ticket>,
}

impl Put {
    /// Waits for room for `item`.
    pub fn new(queue: Arc<Queue>, item: impl Into<Item>) -> Put {
        Put { queue, item: Some(item.into()), ticket: None }
    }
}

impl Waiting for Put {
    type Output = Result<(), Ended>;

    fn poll(&mut self, waker: &Waker) -> Poll<Result<(), Ended>> {
        let mut state = self.queue.state.lock();
        let Some(ticket) = self.ticket else {
            let Some(item) = self.item.take() else { return Poll::Ready(Ok(())) };
            if state.closed || self.queue.has_room(&state) {
                return Poll::Ready(self.queue.put_now(state, item));
            }
            let ticket = state.putters.park(waker);
            state.offered.insert(ticket, item);
            self.ticket = Some(ticket);
            return Poll::Pending;
        };
        if state.putters.still_waits(ticket, waker) {
            return Poll::Pending;
        }
        self.ticket = None;
        // Still offered: the queue was closed before there was room.
        Poll::Ready(if state.offered.remove(&ticket).is_some() { Err(self.queue.ended()) } else { Ok(()) })
    }

    fn describe(&self) -> String {
        format!("{} (put)", self.queue.label)
    }
}

impl Drop for Put {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            let mut state = self.queue.state.lock();
            state.putters.remove(ticket);
            state.offered.remove(&ticket);
        }
    }
}

/// A wait until there is room, or the queue is closed. Somebody else may use the room.
pub struct Room {
    queue: Arc<Queue>,
    ticket: Option<Ticket>,
}

impl Room {
    /// Waits for room in `queue`.
    pub fn new(queue: Arc<Queue>) -> Room {
        Room { queue, ticket: None }
    }
}

impl Waiting for Room {
    type Output = ();

    fn poll(&mut self, waker: &Waker) -> Poll<()> {
        let mut state = self.queue.state.lock();
        if state.closed || self.queue.has_room(&state) {
            state.lookouts.give_up(&mut self.ticket);
            return Poll::Ready(());
        }
        state.lookouts.poll(&mut self.ticket, waker).map(drop)
    }

    fn describe(&self) -> String {
        format!("{} (room)", self.queue.label)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if self.ticket.is_some() {
            self.queue.state.lock().lookouts.give_up(&mut self.ticket);
        }
    }
}

/// A wait until all items that were put have been reported as done.
pub struct Finished {
    queue: Arc<Queue>,
    ticket: Option<Ticket>,
}

impl Finished {
    /// Waits until `queue` has no unfinished items.
    pub fn new(queue: Arc<Queue>) -> Finished {
        Finished { queue, ticket: None }
    }
}

impl Waiting for Finished {
    type Output = Result<(), Deleted>;

    fn poll(&mut self, waker: &Waker) -> Poll<Result<(), Deleted>> {
        let mut state = self.queue.state.lock();
        if self.ticket.is_none() && state.unfinished == 0 {
            return Poll::Ready(Ok(()));
        }
        state.joiners.poll(&mut self.ticket, waker)
    }

    fn describe(&self) -> String {
        format!("{} (join)", self.queue.label)
    }
}

impl Drop for Finished {
    fn drop(&mut self) {
        if self.ticket.is_some() {
            self.queue.state.lock().joiners.give_up(&mut self.ticket);
        }
    }
}

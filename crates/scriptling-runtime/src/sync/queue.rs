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
use smol_str::SmolStr;

use super::waiters::{Ticket, Waiters, wake_all};
use crate::primitives::Mutex;

/// The queue was closed (and, for consumers, is drained).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Closed;

/// A queue; see the module documentation.
pub struct Queue {
    name: SmolStr,
    maxsize: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    items: VecDeque<Portable>,
    /// Items that consumers were given and did not live to take, by the number of their hand-over: older than `items`.
    returned: BTreeMap<u64, Portable>,
    closed: bool,
    getters: Waiters,
    /// Items given to consumers that have not run since, with the number of their hand-over.
    delivered: HashMap<Ticket, (u64, Portable)>,
    handed_over: u64,
    putters: Waiters,
    /// Items of producers that wait (or have waited when the queue was closed).
    offered: HashMap<Ticket, Portable>,
}

impl Queue {
    /// An empty queue for up to `maxsize` items (0: any number).
    pub fn new(name: SmolStr, maxsize: usize) -> Queue {
        Queue { name, maxsize, state: Mutex::default() }
    }

    /// Its name.
    pub fn name(&self) -> &SmolStr {
        &self.name
    }

    /// The most items it holds; 0: any number.
    pub fn maxsize(&self) -> usize {
        self.maxsize
    }

    /// How many items are queued.
    pub fn size(&self) -> usize {
        self.state.lock().len()
    }

    /// Whether it is closed.
    pub fn is_closed(&self) -> bool {
        self.state.lock().closed
    }

    /// Ends it: waiting producers fail, consumers get what is queued and then fail. Again: nothing happens.
    pub fn close(&self) {
        let mut state = self.state.lock();
        state.closed = true;
        let mut wakers = state.getters.pop_all();
        wakers.append(&mut state.putters.pop_all());
        drop(state);
        wake_all(wakers);
    }

    /// Adds an item; if there is no room, `Err` gives it back.
    pub fn try_put(&self, item: Portable) -> Result<Result<(), Closed>, Portable> {
        let mut state = self.state.lock();
        if state.closed {
            return Ok(Err(Closed));
        }
        if self.has_room(&state) {
            let waker = state.add(item);
            drop(state);
            waker.into_iter().for_each(Waker::wake);
            return Ok(Ok(()));
        }
        Err(item)
    }

    /// Takes an item if there is one.
    pub fn try_get(&self) -> Poll<Result<Portable, Closed>> {
        let mut state = self.state.lock();
        match state.take() {
            Some(item) => {
                let waker = self.refill(&mut state);
                drop(state);
                waker.into_iter().for_each(Waker::wake);
                Poll::Ready(Ok(item))
            }
            None if state.closed => Poll::Ready(Err(Closed)),
            None => Poll::Pending,
        }
    }

    fn has_room(&self, state: &State) -> bool {
        self.maxsize == 0 || state.len() < self.maxsize
    }

    /// After an item was taken: lets in the producer that has waited longest.
    fn refill(&self, state: &mut State) -> Option<Waker> {
        if state.closed || !self.has_room(state) {
            return None;
        }
        let (ticket, waker) = state.putters.pop()?;
        let item = state.offered.remove(&ticket).expect("a waiting producer has offered an item");
        state.items.push_back(item);
        Some(waker)
    }
}

impl State {
    fn len(&self) -> usize {
        self.returned.len() + self.items.len()
    }

    /// Takes the oldest item off the queue.
    fn take(&mut self) -> Option<Portable> {
        match self.returned.pop_first() {
            Some((_, item)) => Some(item),
            None => self.items.pop_front(),
        }
    }

    /// Gives an item to the first consumer or queues it.
    fn add(&mut self, item: Portable) -> Option<Waker> {
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
    fn pass_on(&mut self, (number, item): (u64, Portable)) -> Option<Waker> {
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

/// A consumer's wait; dropping it gives up.
pub struct Get {
    queue: Arc<Queue>,
    ticket: Option<Ticket>,
}

impl Get {
    /// Waits for an item of `queue`.
    pub fn new(queue: Arc<Queue>) -> Get {
        Get { queue, ticket: None }
    }

    /// Takes an item, or registers `waker`.
    pub fn poll(&mut self, waker: &Waker) -> Poll<Result<Portable, Closed>> {
        if self.ticket.is_none()
            && let Poll::Ready(result) = self.queue.try_get()
        {
            return Poll::Ready(result);
        }
        let mut state = self.queue.state.lock();
        let Some(ticket) = self.ticket else {
            // Looked at again under the same lock that registers: an item may have come in between.
            if let Some(item) = state.take() {
                let woken = self.queue.refill(&mut state);
                drop(state);
                woken.into_iter().for_each(Waker::wake);
                return Poll::Ready(Ok(item));
            }
            if state.closed {
                return Poll::Ready(Err(Closed));
            }
            self.ticket = Some(state.getters.park(waker));
            return Poll::Pending;
        };
        if state.getters.still_waits(ticket, waker) {
            return Poll::Pending;
        }
        self.ticket = None;
        let item = state.delivered.remove(&ticket).map(|(_, item)| item);
        // Woken by `close`: a consumer that was cancelled since may have left an item.
        Poll::Ready(item.or_else(|| state.take()).ok_or(Closed))
    }

    /// The queue.
    pub fn queue(&self) -> &Queue {
        &self.queue
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
        waker.into_iter().for_each(Waker::wake);
    }
}

/// A producer's wait; dropping it gives up.
pub struct Put {
    queue: Arc<Queue>,
    item: Option<Portable>,
    ticket: Option<Ticket>,
}

impl Put {
    /// Waits for room for `item`.
    pub fn new(queue: Arc<Queue>, item: Portable) -> Put {
        Put { queue, item: Some(item), ticket: None }
    }

    /// Adds the item, or registers `waker`.
    pub fn poll(&mut self, waker: &Waker) -> Poll<Result<(), Closed>> {
        let mut state = self.queue.state.lock();
        let Some(ticket) = self.ticket else {
            let Some(item) = self.item.take() else { return Poll::Ready(Ok(())) };
            if state.closed {
                return Poll::Ready(Err(Closed));
            }
            if self.queue.has_room(&state) {
                let woken = state.add(item);
                drop(state);
                woken.into_iter().for_each(Waker::wake);
                return Poll::Ready(Ok(()));
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
        Poll::Ready(if state.offered.remove(&ticket).is_some() { Err(Closed) } else { Ok(()) })
    }

    /// The queue.
    pub fn queue(&self) -> &Queue {
        &self.queue
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

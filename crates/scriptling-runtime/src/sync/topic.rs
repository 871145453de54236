//! `Topic`: what is published goes to everybody who has subscribed by then.
//!
//! Publishers take turns, and an item is given to all subscribers at once or to none: first it is refused, or waits until all
//! those whose subscribers do that have room, and then it is delivered. So all subscribers see the same order, and a publisher
//! that is cancelled has published or has not.
//!
//! A subscriber is a bounded [`Queue`] that only publishers put into. It exists as long as somebody holds it: one whose task
//! has ended holds nobody up.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::task::{Poll, Waker};

use super::queue::{Ended, Queue, Room};
use super::turn::{Denied, Turn};
use super::waiters::{Ticket, wake_all};
use super::{Label, Object, Owner, Waiting};
use crate::cap::Item;
use crate::primitives::Mutex;
use crate::primitives::atomic::{AtomicU64, Ordering};

/// What becomes of an item when a subscriber has no room for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhenFull {
    /// Its publisher waits.
    Block,
    /// The oldest item makes room.
    DropOldest,
    /// The subscriber does not get it.
    DropNewest,
    /// It is not published.
    Raise,
}

impl WhenFull {
    /// All of them.
    pub const ALL: [WhenFull; 4] = [WhenFull::Block, WhenFull::DropOldest, WhenFull::DropNewest, WhenFull::Raise];

    /// What scripts call it.
    pub fn name(self) -> &'static str {
        match self {
            WhenFull::Block => "block",
            WhenFull::DropOldest => "drop_oldest",
            WhenFull::DropNewest => "drop_newest",
            WhenFull::Raise => "raise",
        }
    }
}

/// A topic; see the module documentation.
pub struct Topic {
    label: Label,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    turn: Turn,
    subscribers: BTreeMap<u64, Weak<Subscription>>,
    next: u64,
    closed: bool,
}

impl Topic {
    /// A topic without subscribers.
    pub fn new(label: Label) -> Topic {
        Topic { label, state: Mutex::default() }
    }

    /// A new subscriber, for what is published from now on, and up to `maxsize` items at a time (at least one).
    pub fn subscribe(self: &Arc<Self>, maxsize: usize, when_full: WhenFull) -> Result<Arc<Subscription>, Ended> {
        let mut state = self.state.lock();
        if state.closed {
            return Err(self.ended());
        }
        let number = state.next;
        state.next += 1;
        let name = format!("{}#{number}", self.label.name());
        let queue = Arc::new(Queue::new(Label::new(self.label.kind(), name), maxsize.max(1)));
        let dropped = AtomicU64::new(0);
        let subscription = Arc::new(Subscription { topic: self.clone(), number, queue, when_full, dropped });
        state.subscribers.insert(number, Arc::downgrade(&subscription));
        Ok(subscription)
    }

    /// How many have subscribed and not been closed.
    pub fn subscribers(&self) -> usize {
        self.state.lock().subscribers.len()
    }

    /// Whether it is closed.
    pub fn is_closed(&self) -> bool {
        self.state.lock().closed
    }

    /// Ends it: publishers fail, subscribers get what they have and then end. Again: nothing happens.
    pub fn close(&self) {
        let mut state = self.state.lock();
        state.closed = true;
        let subscribers = std::mem::take(&mut state.subscribers);
        drop(state);
        // Publishers that wait are woken by the room they wait for, one after the other.
        subscribers.values().filter_map(Weak::upgrade).for_each(|subscriber| subscriber.queue.close());
    }

    fn ended(&self) -> Ended {
        if self.label.is_deleted() { Ended::Deleted } else { Ended::Closed }
    }
}

impl Object for Topic {
    fn label(&self) -> &Label {
        &self.label
    }

    fn delete(&self) {
        self.label.mark_deleted();
        let wakers = self.state.lock().turn.delete();
        wake_all(wakers);
        self.close();
    }
}

/// A subscriber of a topic.
pub struct Subscription {
    topic: Arc<Topic>,
    number: u64,
    queue: Arc<Queue>,
    when_full: WhenFull,
    dropped: AtomicU64,
}

impl Subscription {
    /// The topic.
    pub fn topic(&self) -> &Arc<Topic> {
        &self.topic
    }

    /// What it has been sent and has not taken yet. Ended when the topic or the subscription is closed.
    pub fn queue(&self) -> &Arc<Queue> {
        &self.queue
    }

    /// What happens when it has no room.
    pub fn when_full(&self) -> WhenFull {
        self.when_full
    }

    /// How many items it did not get, or lost again, for want of room.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::SeqCst)
    }

    /// Gets nothing from now on; holds up nobody.
    pub fn close(&self) {
        self.topic.state.lock().subscribers.remove(&self.number);
        self.queue.close();
    }

    /// Takes an item in; nobody else puts items, so `Block` has room for it. False: it is closed.
    fn deliver(&self, item: Item) -> bool {
        let full = self.queue.is_full();
        match self.when_full {
            WhenFull::DropNewest if full => {
                self.dropped.fetch_add(1, Ordering::SeqCst);
                return !self.queue.is_closed();
            }
            WhenFull::DropOldest if full => {
                self.dropped.fetch_add(1, Ordering::SeqCst);
                let _ = self.queue.try_get();
            }
            // Never for want of room, except that a consumer may have left an item that it was given and has not taken.
            _ => {}
        }
        self.queue.force_put(item).is_ok()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.close();
    }
}

/// Why nothing is published.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotPublished {
    /// The topic is closed or deleted.
    Ended(Ended),
    /// A subscriber has no room and wants that to be an error.
    Full,
    /// The task is publishing already.
    Reentered,
}

/// A publisher's wait.
pub struct Publish {
    topic: Arc<Topic>,
    owner: Owner,
    item: Item,
    ticket: Option<Ticket>,
    has_turn: bool,
    room: Option<Room>,
}

impl Publish {
    /// Publishes `item` once everybody has room.
    pub fn new(topic: Arc<Topic>, owner: Owner, item: impl Into<Item>) -> Publish {
        Publish { topic, owner, item: item.into(), ticket: None, has_turn: false, room: None }
    }

    /// Publishes, or says what is in the way. It is this publisher's turn.
    fn publish(&mut self, waker: &Waker) -> Poll<Result<usize, NotPublished>> {
        let state = self.topic.state.lock();
        if state.closed {
            return Poll::Ready(Err(NotPublished::Ended(self.topic.ended())));
        }
        // In order of subscription. Those that are being dropped are gone.
        let subscribers: Vec<Arc<Subscription>> = state.subscribers.values().filter_map(Weak::upgrade).collect();
        drop(state);
        if subscribers.iter().any(|subscriber| subscriber.when_full == WhenFull::Raise && subscriber.queue.is_full()) {
            return Poll::Ready(Err(NotPublished::Full));
        }
        for subscriber in subscribers.iter().filter(|subscriber| subscriber.when_full == WhenFull::Block) {
            let mut room = Room::new(subscriber.queue.clone());
            if room.poll(waker).is_pending() {
                self.room = Some(room);
                return Poll::Pending;
            }
        }
        // Under the lock, so that a topic that is being closed gets all of it or nothing. (The subscribers outlive the lock:
        // dropping the last reference to one takes it.)
        let state = self.topic.state.lock();
        let result = if state.closed {
            Err(NotPublished::Ended(self.topic.ended()))
        } else {
            Ok(subscribers.iter().filter(|subscriber| subscriber.deliver(self.item.clone())).count())
        };
        drop(state);
        Poll::Ready(result)
    }
}

impl Waiting for Publish {
    /// To how many.
    type Output = Result<usize, NotPublished>;

    fn poll(&mut self, waker: &Waker) -> Poll<Result<usize, NotPublished>> {
        if !self.has_turn {
            let turn = self.topic.state.lock().turn.poll(&mut self.ticket, &self.owner, waker);
            match turn {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) => self.has_turn = true,
                Poll::Ready(Err(Denied::Deleted)) => {
                    return Poll::Ready(Err(NotPublished::Ended(Ended::Deleted)));
                }
                Poll::Ready(Err(Denied::Reentered)) => return Poll::Ready(Err(NotPublished::Reentered)),
            }
        }
        if let Some(room) = &mut self.room
            && room.poll(waker).is_pending()
        {
            return Poll::Pending;
        }
        self.room = None;
        let result = self.publish(waker);
        if result.is_ready() {
            self.has_turn = false;
            let next = self.topic.state.lock().turn.pass_on();
            wake_all(next);
        }
        result
    }

    fn describe(&self) -> String {
        let label = &self.topic.label;
        if self.has_turn {
            return format!("{label} (publish: a subscriber is full)");
        }
        match self.topic.state.lock().turn.holder() {
            Some(holder) => format!("{label} (publish, after task '{}')", holder.name),
            None => format!("{label} (publish)"),
        }
    }
}

impl Drop for Publish {
    fn drop(&mut self) {
        if self.ticket.is_none() && !self.has_turn {
            return;
        }
        let mut state = self.topic.state.lock();
        let waker = if self.has_turn { state.turn.pass_on() } else { state.turn.give_up(&mut self.ticket) };
        drop(state);
        wake_all(waker);
    }
}

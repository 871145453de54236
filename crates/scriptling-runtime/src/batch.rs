//! The tasks of one `map`: fed with items one by one, so many at work at once, results taken in order or as they come.
//!
//! Items that are fed while all places are taken wait here; whoever ends starts the next one. So the tasks do not need the
//! caller to go on, and the caller decides how far ahead it feeds.
//!
//! # Invariants
//! - `at_work` items have a task that has not told its end; there are at most `workers`.
//! - If an item waits, all places are taken.
//! - A batch that is closed has no items, and has cancelled the tasks it had.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Poll, Wake, Waker};

use scriptling_vm::portable::Portable;
use smol_str::SmolStr;

use crate::primitives::Mutex;
use crate::runtime::Inner;
use crate::schedule::{self, Call, Start};
use crate::sync::{Ticket, Waiters, wake_all};
use crate::task::Task;

/// The tasks of a `map`; see the module documentation.
pub(crate) struct Batch {
    runtime: Arc<Inner>,
    /// The task that maps.
    owner: Arc<Task>,
    function: Portable,
    name: SmolStr,
    workers: usize,
    ordered: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// In the order they were fed in.
    items: VecDeque<Item>,
    fed: u64,
    at_work: usize,
    /// Numbers of items whose tasks have ended and that were not taken, in the order they ended.
    ended: VecDeque<u64>,
    closed: bool,
    waiters: Waiters,
}

struct Item {
    number: u64,
    /// Until it has a task.
    argument: Option<Portable>,
    task: Option<Arc<Task>>,
}

impl Batch {
    /// An empty batch of calls of `function` on behalf of `owner`.
    pub(crate) fn new(
        runtime: Arc<Inner>,
        owner: Arc<Task>,
        function: Portable,
        name: SmolStr,
        workers: usize,
        ordered: bool,
    ) -> Batch {
        Batch { runtime, owner, function, name, workers, ordered, state: Mutex::default() }
    }

    /// The name of what is called.
    pub(crate) fn name(&self) -> &SmolStr {
        &self.name
    }

    /// How many items have been fed and not taken.
    pub(crate) fn len(&self) -> usize {
        self.state.lock().items.len()
    }

    /// Whether another item should wait until one was taken.
    pub(crate) fn is_full(&self) -> bool {
        self.len() >= self.workers.saturating_mul(2)
    }

    /// Adds an item.
    pub(crate) fn feed(self: &Arc<Self>, argument: Portable) {
        let mut state = self.state.lock();
        let number = state.fed;
        state.fed += 1;
        state.items.push_back(Item { number, argument: Some(argument), task: None });
        drop(state);
        self.start_waiting();
    }

    /// Starts items that wait, as far as there are places.
    fn start_waiting(self: &Arc<Self>) {
        loop {
            let mut state = self.state.lock();
            if state.closed || state.at_work >= self.workers {
                return;
            }
            let Some(item) = state.items.iter_mut().find(|item| item.argument.is_some()) else { return };
            let argument = item.argument.take().expect("it was looked for");
            let number = item.number;
            let call = Call { function: self.function.clone(), args: vec![argument], kwargs: Vec::new() };
            let name = SmolStr::new(format!("{}[{number}]", self.name));
            let bounds = self.runtime.bounds(crate::limits::TaskLimits::default(), &self.owner);
            let task = schedule::spawn(&self.runtime, name, Start::Call(Box::new(call)), bounds);
            item.task = Some(task.clone());
            state.at_work += 1;
            drop(state);
            let ended = Arc::new(ItemEnded { batch: self.clone(), number });
            if task.on_end(&Waker::from(ended.clone())).is_none() {
                // Not by recursion: it may have ended, and so may the next one.
                let wakers = self.state.lock().item_ended(number);
                wake_all(wakers);
            }
        }
    }

    /// Cancels what is under way and drops what waits.
    pub(crate) fn close(&self) {
        let mut state = self.state.lock();
        state.closed = true;
        state.ended.clear();
        let items = std::mem::take(&mut state.items);
        drop(state);
        for task in items.into_iter().filter_map(|item| item.task) {
            task.cancel();
        }
    }
}

impl State {
    fn item_ended(&mut self, number: u64) -> Vec<Waker> {
        self.at_work -= 1;
        if self.closed {
            return Vec::new();
        }
        self.ended.push_back(number);
        self.waiters.pop_all()
    }

    /// Takes the next item out whose task has ended.
    fn take(&mut self, ordered: bool) -> Option<Arc<Task>> {
        let at = if ordered {
            self.items.front().filter(|item| self.ended.contains(&item.number))?;
            0
        } else {
            let number = self.ended.front()?;
            self.items.iter().position(|item| item.number == *number)?
        };
        let item = self.items.remove(at)?;
        self.ended.retain(|ended| *ended != item.number);
        item.task
    }
}

struct ItemEnded {
    batch: Arc<Batch>,
    number: u64,
}

impl Wake for ItemEnded {
    fn wake(self: Arc<Self>) {
        let wakers = self.batch.state.lock().item_ended(self.number);
        self.batch.start_waiting();
        wake_all(wakers);
    }
}

/// The consumer's wait for the next result; dropping it gives up.
pub(crate) struct Next {
    batch: Arc<Batch>,
    ticket: Option<Ticket>,
}

impl Next {
    pub(crate) fn new(batch: Arc<Batch>) -> Next {
        Next { batch, ticket: None }
    }

    /// The next task that has ended, or registers `waker`.
    pub(crate) fn poll(&mut self, waker: &Waker) -> Poll<Arc<Task>> {
        let mut state = self.batch.state.lock();
        if let Some(task) = state.take(self.batch.ordered) {
            self.ticket.take().into_iter().for_each(|ticket| {
                state.waiters.remove(ticket);
            });
            return Poll::Ready(task);
        }
        match self.ticket {
            Some(ticket) if state.waiters.still_waits(ticket, waker) => {}
            _ => self.ticket = Some(state.waiters.park(waker)),
        }
        Poll::Pending
    }
}

impl Drop for Next {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.batch.state.lock().waiters.remove(ticket);
        }
    }
}

/// What a script holds of a batch: dropping it closes the batch.
pub(crate) struct Feeder(pub(crate) Arc<Batch>);

impl Drop for Feeder {
    fn drop(&mut self) {
        self.0.close();
    }
}

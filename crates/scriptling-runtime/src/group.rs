//! Task groups: tasks that end together with a block of the task that started them.
//!
//! The task that enters a group is its owner. Leaving the block waits for all children; the first one that fails cancels the
//! others, and the rest of the block by an exception that is raised there. What the children failed with is kept here until the
//! owner has left.
//!
//! # Invariants
//! - A child is in `children` from its start until it has ended; the failure of one that is not there any more is in `failures`.
//! - A group that is aborting has cancelled all its children, and cancels those that come later.
//! - An owner that ends without leaving (it was killed, say) aborts the group.
//! - Of an owner's nested groups, what is asked for by an outer one while the inner one is left, is asked for again then.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::task::{Poll, Wake, Waker};

use crate::primitives::Mutex;
use crate::sync::{Ticket, Waiters, wake_all};
use crate::task::{Failure, Task};

/// A task group; see the module documentation.
#[derive(Default)]
pub(crate) struct Group {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    stage: Stage,
    owner: Weak<Task>,
    /// Among those who wait for the owner's end.
    owner_ticket: Option<Ticket>,
    /// The owner's group around this one.
    outer: Option<Arc<Group>>,
    children: HashMap<u64, Arc<Task>>,
    failures: Vec<Failure>,
    aborting: bool,
    /// The owner, while it leaves.
    waiters: Waiters,
}

/// Where the owner is.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
enum Stage {
    /// Before the block.
    #[default]
    New,
    /// In the block.
    Block,
    /// At the end of the block, waiting.
    Leaving,
    /// Behind the block.
    Left,
}

impl Group {
    /// The owner enters the block. The error is for the user.
    pub(crate) fn enter(self: &Arc<Self>, owner: &Arc<Task>) -> Result<(), &'static str> {
        let mut state = self.state.lock();
        if state.stage != Stage::New {
            return Err("a TaskGroup can be entered once");
        }
        state.stage = Stage::Block;
        state.owner = Arc::downgrade(owner);
        state.outer = owner.group();
        drop(state);
        let ticket = owner.on_end(&Waker::from(Arc::new(OwnerEnded(self.clone()))));
        self.state.lock().owner_ticket = ticket;
        owner.set_group(Some(self.clone()));
        Ok(())
    }

    /// Whether it takes tasks. The error is for the user.
    pub(crate) fn admits(&self) -> Result<(), &'static str> {
        let state = self.state.lock();
        match state.stage {
            Stage::New => Err("a TaskGroup starts tasks inside of its with block"),
            Stage::Left => Err("the with block of the TaskGroup has ended"),
            _ if state.aborting => Err("the TaskGroup is shutting down: it takes no more tasks"),
            _ => Ok(()),
        }
    }

    /// Whether the task is in its block, which is to be ended.
    pub(crate) fn is_stopping(&self, task: &Task) -> bool {
        let state = self.state.lock();
        state.aborting && state.stage == Stage::Block && std::ptr::eq(state.owner.as_ptr(), task)
    }

    /// Takes a task that has just been started.
    pub(crate) fn add(self: &Arc<Self>, task: &Arc<Task>) {
        let mut state = self.state.lock();
        state.children.insert(task.id(), task.clone());
        let aborting = state.aborting;
        drop(state);
        let ended = Arc::new(ChildEnded { group: self.clone(), task: task.clone() });
        if task.on_end(&Waker::from(ended.clone())).is_none() {
            ended.wake();
        } else if aborting {
            task.cancel();
        }
    }

    fn child_ended(&self, task: &Task) {
        let failure = if task.is_cancelled() { None } else { task.result().and_then(Result::err) };
        let mut state = self.state.lock();
        if state.children.remove(&task.id()).is_none() {
            return;
        }
        let failed = failure.is_some();
        state.failures.extend(failure);
        let stop = if failed { state.abort() } else { Stop::default() };
        let wakers = if state.children.is_empty() { state.waiters.pop_all() } else { Vec::new() };
        drop(state);
        stop.carry_out();
        wake_all(wakers);
    }

    /// Cancels the children, now and later.
    pub(crate) fn abort(&self) {
        let mut stop = self.state.lock().abort();
        // Whoever calls this is about to leave.
        stop.owner = None;
        stop.carry_out();
    }

    /// The owner is at the end of the block: it is not disturbed by what children do any more.
    pub(crate) fn leave(&self) {
        self.state.lock().stage = Stage::Leaving;
    }

    /// Whether a group around this one wants its block to end.
    pub(crate) fn outer_stops(&self) -> bool {
        let mut outer = self.state.lock().outer.clone();
        while let Some(group) = outer {
            let state = group.state.lock();
            if state.aborting && state.stage == Stage::Block {
                return true;
            }
            let next = state.outer.clone();
            drop(state);
            outer = next;
        }
        false
    }

    /// How many children there are.
    pub(crate) fn len(&self) -> usize {
        self.state.lock().children.len()
    }

    /// Names of some children, for people.
    pub(crate) fn names(&self, count: usize) -> Vec<String> {
        let state = self.state.lock();
        let mut children: Vec<&Arc<Task>> = state.children.values().collect();
        children.sort_by_key(|task| task.id());
        children.into_iter().take(count).map(|task| format!("'{}'", task.name())).collect()
    }

    /// The owner is behind the block: what its children failed with.
    pub(crate) fn left(&self, owner: &Task) -> Vec<Failure> {
        let mut state = self.state.lock();
        state.stage = Stage::Left;
        let ticket = state.owner_ticket.take();
        let outer = state.outer.take();
        let failures = std::mem::take(&mut state.failures);
        drop(state);
        ticket.into_iter().for_each(|ticket| owner.forget(ticket));
        owner.set_group(outer);
        failures
    }
}

impl State {
    fn abort(&mut self) -> Stop {
        if std::mem::replace(&mut self.aborting, true) {
            return Stop::default();
        }
        let owner = if self.stage == Stage::Block { self.owner.upgrade() } else { None };
        // With the lock: an owner that finds the group aborting has been asked, or has heard of it before.
        owner.iter().for_each(|owner| owner.note_stop());
        Stop { children: self.children.values().cloned().collect(), owner }
    }
}

/// Who is to be told, without the lock.
#[derive(Default)]
struct Stop {
    children: Vec<Arc<Task>>,
    owner: Option<Arc<Task>>,
}

impl Stop {
    fn carry_out(self) {
        for child in self.children {
            child.cancel();
        }
        if let Some(owner) = self.owner {
            owner.wake();
        }
    }
}

struct ChildEnded {
    group: Arc<Group>,
    task: Arc<Task>,
}

impl Wake for ChildEnded {
    fn wake(self: Arc<Self>) {
        self.group.child_ended(&self.task);
    }
}

struct OwnerEnded(Arc<Group>);

impl Wake for OwnerEnded {
    fn wake(self: Arc<Self>) {
        self.0.abort();
    }
}

/// The owner's wait for the children; dropping it gives up.
pub(crate) struct Leave {
    group: Arc<Group>,
    ticket: Option<Ticket>,
}

impl Leave {
    pub(crate) fn new(group: Arc<Group>) -> Leave {
        Leave { group, ticket: None }
    }

    /// Whether there are no children; otherwise registers `waker`.
    pub(crate) fn poll(&mut self, waker: &Waker) -> Poll<()> {
        let mut state = self.group.state.lock();
        if state.children.is_empty() {
            self.ticket = None;
            return Poll::Ready(());
        }
        match self.ticket {
            Some(ticket) if state.waiters.still_waits(ticket, waker) => {}
            _ => self.ticket = Some(state.waiters.park(waker)),
        }
        Poll::Pending
    }
}

impl Drop for Leave {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.group.state.lock().waiters.remove(ticket);
        }
    }
}

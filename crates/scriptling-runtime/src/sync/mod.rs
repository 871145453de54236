//! What tasks coordinate with: plain Rust structures that know wakers and nothing of scripts or schedulers.
//!
//! Each operation that may wait is a small state machine, a [`Waiting`], and dropping it cancels it. All are fair: who came
//! first is served first. `waiters` (a list of parked tasks) and `turn` (one at a time) are what they are made of;
//! `modules/sync` wraps them for scripts.

mod atomic;
mod barrier;
mod condition;
mod event;
mod lock;
mod object;
mod once;
mod queue;
mod rate_limiter;
mod registry;
mod semaphore;
mod shared;
#[cfg(test)]
mod tests;
mod topic;
mod turn;
mod wait_group;
mod waiters;

use std::task::{Poll, Waker};

pub use atomic::{Atomic, Number, TooLarge};
pub use barrier::{Arrive, Barrier, NotPassed};
pub use condition::{Condition, Notified};
pub use event::{Event, IsSet};
pub use lock::{Acquire, Lock, NotHeld, Released};
pub use object::{Deleted, Holdings, Kind, Label, Object, Owned, Owner, TaskId};
pub use once::{Once, Run, Running, Turned};
pub use queue::{Ended, Finished, Get, Put, Queue, Room};
pub use rate_limiter::{NotTaken, RateLimiter, Take};
pub use registry::Registry;
pub use semaphore::{AcquirePermits, Semaphore, TooMany};
pub use shared::{Changed, Permit, Shared, Write};
pub use topic::{NotPublished, Publish, Subscription, Topic, WhenFull};
pub use turn::Denied;
pub use wait_group::{Refused, WaitGroup, Zero};
pub(crate) use waiters::{Ticket, Waiters, wake_all};

/// An operation that may have to wait. Dropping it gives up, and whatever it was granted goes to the next.
pub trait Waiting: Send {
    /// What comes of it.
    type Output;

    /// Completes, or registers `waker` to be woken when it is worth another look.
    fn poll(&mut self, waker: &Waker) -> Poll<Self::Output>;

    /// What it waits for: `lock 'x' held by task 'y'`.
    fn describe(&self) -> String;

    /// It has taken too long, or its task is being cancelled. True: it can be dropped. False: there is something to finish
    /// first; it is polled on and says how it ended.
    fn expire(&mut self) -> bool {
        true
    }

    /// Whether only another task can end the wait: no timer does (see `crate::deadlock`).
    fn only_tasks(&self) -> bool {
        true
    }
}

//! What tasks coordinate with: plain Rust structures that know wakers and nothing of scripts or schedulers.
//!
//! Each operation that may wait is a small state machine with `poll(&Waker)`, and dropping it cancels it. All are fair:
//! who came first is served first. `modules/sync.rs` wraps them for scripts.

mod atomic;
mod queue;
mod registry;
mod shared;
#[cfg(test)]
mod tests;
mod wait_group;
mod waiters;

pub use atomic::{Atomic, Overflow};
pub use queue::{Closed, Get, Put, Queue};
pub use registry::{Names, Registry};
pub use shared::{Lock, Permit, Reentered, Shared, TaskId};
pub use wait_group::{Refused, WaitGroup, Zero};
pub(crate) use waiters::{Ticket, Waiters, wake_all};

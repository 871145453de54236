//! The locks, atomics and threads under this crate: the only place that chooses whose they are.
//!
//! Ordinarily they are those of parking_lot, std and rayon, re-exported. Built with `--cfg shuttle` they are [shuttle]'s in
//! the same shape (`model`), and `crate::permutations` runs this crate's own code under schedules that a scheduler picks.
//! So what is tested is what runs, as long as nothing that waits or is waited for goes around this module.
//!
//! What is not modelled: `Arc` (std's in both), async-task (its atomics never wait, so to the scheduler each of its
//! operations is one step), and weak memory orderings.
//!
//! [shuttle]: https://docs.rs/shuttle

#[cfg(shuttle)]
mod model;

#[cfg(shuttle)]
pub(crate) use model::{
    Condvar, Instant, Mutex, MutexGuard, RwLock, ThreadPool, ThreadPoolBuilder, atomic, on_waiting_thread, thread,
};

#[cfg(not(shuttle))]
pub(crate) use parking_lot::{Condvar, Mutex, MutexGuard, RwLock};
#[cfg(not(shuttle))]
pub(crate) use rayon::{ThreadPool, ThreadPoolBuilder};
#[cfg(not(shuttle))]
pub(crate) use std::sync::atomic;
#[cfg(not(shuttle))]
pub(crate) use std::thread;
/// For what depends on how long something took. Not for waiting.
#[cfg(not(shuttle))]
pub(crate) use std::time::Instant;

/// Has work done on a thread that may wait.
#[cfg(not(shuttle))]
pub(crate) fn on_waiting_thread(work: impl FnOnce() + Send + 'static) {
    blocking::unblock(work).detach();
}

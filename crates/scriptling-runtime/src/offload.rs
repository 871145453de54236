//! Work that blocks an operating system thread, kept off the threads that run scripts.
//!
//! The work runs on the `blocking` crate's pool, which grows and shrinks by itself; the task that asked is parked
//! meanwhile. Cancelling it drops the result: the work itself cannot be interrupted.

use scriptling_vm::error::{ExcClass, Raise};
use scriptling_vm::native::Outcome;
use scriptling_vm::portable::Portable;

/// What offloaded work raises: a builtin exception with a message (a `Raise` belongs to an isolate and cannot travel).
#[derive(Clone, Debug)]
pub struct Failed(pub ExcClass, pub String);

/// Parks the task until `work` has run elsewhere; its result is the native's.
pub fn offload<F>(work: F) -> Outcome
where
    F: FnOnce() -> Result<Portable, Failed> + Send + 'static,
{
    let job = blocking::unblock(work);
    Outcome::future(async move { job.await.map_err(|Failed(class, message)| Raise::new(class, message)) })
}

//! Work that blocks an operating system thread, kept off the threads that run scripts.
//!
//! The work runs on the `blocking` crate's pool, which grows and shrinks by itself; the task that asked is parked
//! meanwhile. Cancelling it drops the result: the work itself cannot be interrupted.

use std::pin::Pin;
use std::task::Context;

use scriptling_vm::error::{ExcClass, Raise};
use scriptling_vm::native::Outcome;
use scriptling_vm::portable::Portable;

use crate::modules::note_under_way;

/// What offloaded work raises: a builtin exception with a message (a `Raise` belongs to an isolate and cannot travel).
#[derive(Clone, Debug)]
pub struct Failed(pub ExcClass, pub String);

/// Parks the task until `work` has run elsewhere; its result is the native's.
pub fn offload<F>(work: F) -> Outcome
where
    F: FnOnce() -> Result<Portable, Failed> + Send + 'static,
{
    let mut job = blocking::unblock(work);
    let mut under_way = None;
    Outcome::wait(move |cx, waker| {
        let polled = Pin::new(&mut job).poll(&mut Context::from_waker(waker));
        if polled.is_pending() && under_way.is_none() {
            under_way = note_under_way(cx);
        }
        polled.map(|result| match result {
            Ok(value) => value.into_value(cx).map(Outcome::Return),
            Err(Failed(class, message)) => Err(Raise::new(class, message)),
        })
    })
}

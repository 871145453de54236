//! A task: an isolate that the scheduler runs, and the promise of its result.
//!
//! # Who owns what
//! ```text
//!   async-task cell ── owns ──> TaskFuture { isolate, ... }     touched only by the thread that polls it
//!        │ metadata                 │
//!        └──────────── Arc ─────────┴────> Task <──── Arc ──── promises, the list of live tasks
//! ```
//! The isolate is inside the future: whoever holds the `Runnable` runs it, and async-task guarantees that there is one
//! `Runnable` at most. Everybody else sees [`Task`]: a name, a cancel flag, and the result once there is one.
//!
//! # States
//! async-task keeps the scheduling state (queued, running, parked, done); ours adds *why* it will be queued next
//! (`arrival`), which decides its place in the run queue:
//!
//! | from | event | to | who |
//! |---|---|---|---|
//! | new | `spawn` | queued (New) | the spawning thread |
//! | queued | a token of the pool | running | a worker |
//! | running | slice used up, others wait | queued (Preempted) | the worker: `wake_by_ref`, then `Pending` |
//! | running | the isolate parks | parked | the worker: `Pending`; the waker is registered with what it waits for |
//! | parked | the waker is called | queued (Woken) | whoever wakes; a wake while it runs queues it when the poll returns |
//! | running | script ended | done | the worker: [`Task::finish`], then the isolate is dropped |
//!
//! A task's future is polled in *steps* of fuel. Between steps the worker looks at the clock, at the cancel flag, and at
//! its own next slot; it goes on while nobody else wants the thread, so a lone busy loop pays nothing for being fair.
//!
//! # Cancelling
//! `cancel` sets the flag and wakes the task. At its next step the task gets `CancelledError` raised inside the script, so
//! `finally` and `with` run. `kill` is final: at the next step the isolate is dropped as it is; dropping what it waits for
//! passes on any item or turn it was granted (see `sync`).
//!
//! # Failures
//! A result that is an exception is *observed* when a promise raises it. One that was never observed is reported on standard
//! error when the last reference to the task goes, or when the runtime ends, whichever is first; never twice.
//!
//! # Panics
//! A panic in a slice is a bug of ours, and ends that task only: it is caught here, the isolate is dropped, and the promise
//! raises `SystemError`.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use scriptling_vm::error::{Error, ExcClass};
use scriptling_vm::isolate::{Isolate, Slice};
use scriptling_vm::portable::{HostHandle, Portable};
use smol_str::SmolStr;

use crate::pool::{Arrival, Waiting};
use crate::primitives::atomic::{AtomicU8, Ordering};
use crate::primitives::{Instant, Mutex};
use crate::runtime::Inner;
use crate::schedule::Start;
use crate::sync::{Owner, Ticket, Waiters, wake_all};
use crate::timer::Sleep;

/// Back-edges and calls between two looks at the clock: 50 to 250 microseconds of ordinary code.
const STEP_FUEL: u64 = 5_000;

/// How long a task keeps its thread while others that have had their share wait for one.
const SLICE: Duration = Duration::from_millis(1);

/// How long while a task waits that something happened to: they are what latency is about, and usually run shortly.
const URGENT_SLICE: Duration = Duration::from_micros(250);

/// Why a task failed.
#[derive(Clone)]
pub struct Failure {
    /// The error, with its rendered traceback.
    pub error: Arc<Error>,
    /// The exception, if it could be copied out of the task.
    pub exception: Option<Portable>,
}

/// A task as everybody but its worker sees it.
pub struct Task {
    id: u64,
    name: SmolStr,
    arrival: AtomicU8,
    cancel: AtomicU8,
    state: Mutex<State>,
    runtime: Weak<Inner>,
}

#[derive(Default)]
struct State {
    result: Option<Result<Portable, Failure>>,
    observed: bool,
    reported: bool,
    waiters: Waiters,
    /// Wakes the task itself, until it is done.
    waker: Option<Waker>,
}

const RUNNING: u8 = 0;
const CANCEL: u8 = 1;
const CANCELLED: u8 = 2;
const KILL: u8 = 3;
const INTERRUPT: u8 = 4;

impl Task {
    pub(crate) fn new(id: u64, name: SmolStr, runtime: &Arc<Inner>) -> Arc<Task> {
        Arc::new(Task {
            id,
            name,
            arrival: AtomicU8::new(Arrival::New as u8),
            cancel: AtomicU8::new(RUNNING),
            state: Mutex::default(),
            runtime: Arc::downgrade(runtime),
        })
    }

    /// Its number in the runtime.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Its name.
    pub fn name(&self) -> &SmolStr {
        &self.name
    }

    /// Who it is to what it takes or waits for.
    pub(crate) fn owner(&self) -> Owner {
        Owner { id: self.id, name: self.name.clone() }
    }

    /// Whether it has ended.
    pub fn is_done(&self) -> bool {
        self.state.lock().result.is_some()
    }

    /// Its result, if it has ended. A failure counts as observed.
    pub fn result(&self) -> Option<Result<Portable, Failure>> {
        let mut state = self.state.lock();
        state.observed |= state.result.is_some();
        state.result.clone()
    }

    /// Asks it to end: raises `CancelledError` in it.
    pub fn cancel(&self) {
        let newly = |from| self.cancel.compare_exchange(from, CANCEL, Ordering::SeqCst, Ordering::SeqCst).is_ok();
        if newly(RUNNING) || newly(INTERRUPT) {
            self.wake();
        }
    }

    /// Raises `KeyboardInterrupt` in it, unless it is being cancelled.
    pub(crate) fn interrupt(&self) {
        if self.cancel.compare_exchange(RUNNING, INTERRUPT, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
            self.wake();
        }
    }

    /// Ends it without running any more of it.
    pub(crate) fn kill(&self) {
        self.cancel.store(KILL, Ordering::SeqCst);
        self.wake();
    }

    fn wake(&self) {
        let waker = self.state.lock().waker.clone();
        waker.into_iter().for_each(Waker::wake);
    }

    pub(crate) fn set_waker(&self, waker: Waker) {
        self.state.lock().waker = Some(waker);
    }

    /// Why it is queued now.
    pub(crate) fn arrival(&self) -> Arrival {
        match self.arrival.load(Ordering::Relaxed) {
            0 => Arrival::New,
            1 => Arrival::Woken,
            _ => Arrival::Preempted,
        }
    }

    fn finish(&self, result: Result<Portable, Failure>) {
        let mut state = self.state.lock();
        if state.result.is_some() {
            return;
        }
        state.result = Some(result);
        let waker = state.waker.take();
        let wakers = state.waiters.pop_all();
        drop(state);
        drop(waker);
        wake_all(wakers);
    }

    /// Reports a failure that nobody has looked at.
    pub(crate) fn report(&self, runtime: &Inner) {
        let mut state = self.state.lock();
        // One that is about to fail reports it itself: not yet is not never.
        let Some(Err(failure)) = state.result.clone() else { return };
        if state.observed || std::mem::replace(&mut state.reported, true) {
            return;
        }
        if failure.error.class() == ExcClass::CancelledError.name() {
            return;
        }
        drop(state);
        let rendered = failure.error.rendered();
        let end = if rendered.ends_with('\n') { "" } else { "\n" };
        runtime.output.write_error(&format!("Exception in task '{}':\n{rendered}{end}", self.name));
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        let failed = self.state.get_mut().result.as_ref().is_some_and(Result::is_err);
        if failed && let Some(runtime) = self.runtime.upgrade() {
            self.report(&runtime);
            runtime.failure_settled(self.id);
        }
    }
}

impl HostHandle for Task {
    fn class(&self) -> (&'static str, &'static str) {
        ("scriptling.runtime", "Promise")
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// A wait for a task's end; dropping it gives up.
pub struct Join {
    task: Arc<Task>,
    ticket: Option<Ticket>,
}

impl Join {
    /// Waits until `task` has ended.
    pub fn new(task: Arc<Task>) -> Join {
        Join { task, ticket: None }
    }

    /// The result, or registers `waker`.
    pub fn poll(&mut self, waker: &Waker) -> Poll<Result<Portable, Failure>> {
        let mut state = self.task.state.lock();
        if let Some(result) = state.result.clone() {
            state.observed = true;
            self.ticket = None;
            return Poll::Ready(result);
        }
        match self.ticket {
            Some(ticket) if state.waiters.still_waits(ticket, waker) => {}
            _ => self.ticket = Some(state.waiters.park(waker)),
        }
        Poll::Pending
    }

    /// The task.
    pub fn task(&self) -> &Task {
        &self.task
    }
}

impl Drop for Join {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.task.state.lock().waiters.remove(ticket);
        }
    }
}

/// The running side of a task.
pub(crate) struct TaskFuture {
    pub(crate) task: Arc<Task>,
    pub(crate) runtime: Arc<Inner>,
    /// What to start with, until the first poll: the isolate is made on the thread that runs it.
    pub(crate) start: Option<Start>,
    pub(crate) isolate: Option<Isolate>,
    /// The end of its time budget.
    pub(crate) deadline: Option<Box<Sleep>>,
}

impl Future for TaskFuture {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        // The isolate is dropped after a panic and nothing of it is looked at again, so unwind safety is not a question.
        let slice = std::panic::catch_unwind(AssertUnwindSafe(|| this.slice(context.waker())));
        let result = match slice {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(result)) => result,
            Err(panic) => Err(internal_error(&*panic)),
        };
        // The task's memory goes before anybody learns that it has ended. A second panic must not take the worker along.
        let isolate = this.isolate.take();
        let _ = std::panic::catch_unwind(AssertUnwindSafe(|| drop(isolate)));
        this.end(result);
        Poll::Ready(())
    }
}

impl TaskFuture {
    fn end(&mut self, result: Result<Portable, Failure>) {
        if result.is_err() {
            self.runtime.task_failed(&self.task);
        }
        self.task.finish(result);
        self.runtime.task_ended(&self.task);
    }

    fn slice(&mut self, waker: &Waker) -> Poll<Result<Portable, Failure>> {
        if let Some(start) = self.start.take() {
            match crate::schedule::start(&self.runtime, &self.task, start) {
                Ok(isolate) => self.isolate = Some(isolate),
                Err(error) => return Poll::Ready(Err(Failure { error: Arc::new(error), exception: None })),
            }
        }
        let begin = Instant::now();
        loop {
            self.interrupt();
            if self.task.cancel.load(Ordering::SeqCst) == KILL {
                return Poll::Ready(Err(killed()));
            }
            let Some(isolate) = &mut self.isolate else { return Poll::Ready(Err(killed())) };
            match isolate.run(STEP_FUEL, waker) {
                Slice::Done(value) => return Poll::Ready(Ok(value)),
                Slice::Failed(error) => {
                    let exception = error.exception().cloned();
                    return Poll::Ready(Err(Failure { error: Arc::new(error), exception }));
                }
                Slice::Parked => {
                    if let Some(deadline) = &mut self.deadline
                        && deadline.poll(waker).is_ready()
                    {
                        continue;
                    }
                    self.task.arrival.store(Arrival::Woken as u8, Ordering::Relaxed);
                    return Poll::Pending;
                }
                Slice::OutOfFuel => {
                    self.runtime.pool.share_slot();
                    let enough = match self.runtime.pool.waiting() {
                        Waiting::Nobody => false,
                        Waiting::Preempted => begin.elapsed() >= SLICE,
                        Waiting::Woken => begin.elapsed() >= URGENT_SLICE,
                    };
                    if enough {
                        self.task.arrival.store(Arrival::Preempted as u8, Ordering::Relaxed);
                        waker.wake_by_ref();
                        return Poll::Pending;
                    }
                }
            }
        }
    }

    /// Raises in the script what has been asked for from outside since the last step.
    fn interrupt(&mut self) {
        let Some(isolate) = &mut self.isolate else { return };
        if self.task.cancel.compare_exchange(CANCEL, CANCELLED, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
            isolate.interrupt(ExcClass::CancelledError, "the task was cancelled");
        }
        // Back to running: a script may go on after it, and can be interrupted again.
        if self.task.cancel.compare_exchange(INTERRUPT, RUNNING, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
            isolate.interrupt(ExcClass::KeyboardInterrupt, "");
        }
        if self.deadline.as_ref().is_some_and(|deadline| deadline.is_over()) {
            self.deadline = None;
            isolate.interrupt(ExcClass::TimeLimitExceeded, "the time limit is exceeded");
        }
    }
}

impl Drop for TaskFuture {
    fn drop(&mut self) {
        // Dropped by the executor without having ended: whoever waits for it must not wait forever.
        if !self.task.is_done() {
            self.isolate = None;
            self.end(Err(killed()));
        }
    }
}

fn killed() -> Failure {
    let class = ExcClass::CancelledError.name();
    let message = "the task was ended before it was finished";
    let error = Error::new(class, message.into(), format!("{class}: {message}\n"));
    Failure { error: Arc::new(error), exception: None }
}

fn internal_error(panic: &(dyn std::any::Any + Send)) -> Failure {
    let text = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    let message = format!("internal error: {}", text.unwrap_or("panic"));
    let rendered = format!("SystemError: {message}\n");
    Failure { error: Arc::new(Error::new("SystemError", message, rendered)), exception: None }
}

#[cfg(test)]
mod tests {
    use super::TaskFuture;

    #[test]
    fn a_parked_task_is_small() {
        // With what async-task adds, just below a size that the allocator has.
        assert!(size_of::<TaskFuture>() <= 832, "{} bytes", size_of::<TaskFuture>());
    }
}

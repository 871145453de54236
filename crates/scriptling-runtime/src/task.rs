//! A task: an isolate that the scheduler runs, and the promise of its result.
//!
//! # Who owns what
//! ```text
//!   async-task cell ── owns ──> TaskFuture     touched only by the thread that polls it
//!        │ metadata                 │
//!        └──────────── Arc ─────────┴────> Live ──── Arc ───> Task { body: isolate, ... } <──── Arc ──── promises, the list of
//!                                            └────── Arc ───> the runtime, its pool                      live tasks
//! ```
//! Whoever holds the `Runnable` runs the task, and async-task guarantees that there is one `Runnable` at most. It keeps the
//! lock of the isolate meanwhile, so that somebody else can look at the isolate of a task that does not run: where it
//! stands, and what it waits for. Otherwise everybody sees the rest of [`Task`]: a name, requests to it, and the result
//! once there is one. When a task ends its isolate is dropped, whoever may still hold the task.
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
//! | running | script ended | done | the worker: the isolate is dropped, then [`Task::finish`] |
//!
//! A task's future is polled in *steps* of fuel. Between steps the worker looks at the clock, at the requests, and at
//! its own next slot; it goes on while nobody else wants the thread, so a lone busy loop pays nothing for being fair.
//!
//! # Cancelling
//! `cancel` notes a request and wakes the task. At its next step the task gets `CancelledError` raised inside the script, so
//! `finally` and `with` run; a task that has not started does not start. The script may catch the exception and go on.
//! Cancelling again does nothing during the runtime's grace period, so that nobody disturbs the cleaning up; after that it
//! is final. `kill` is final at once: at the next step the isolate is dropped as it is. Dropping what a task waits for passes
//! on any item or turn it was granted (see `sync`).
//!
//! # Limits
//! A task whose time is over gets `TimeLimitExceeded` raised inside the script, and is killed if it is still there after the
//! grace period. Fuel, memory and depth are the isolate's own business.
//!
//! # Failures
//! A result that is an exception is *observed* when a promise raises it. One that was never observed is reported on standard
//! error when the last reference to the task goes, or when the runtime ends, whichever is first; never twice.
//!
//! # Panics
//! A panic in a slice is a bug of ours, and ends that task only: it is caught here, the isolate is dropped, and the promise
//! raises `SystemError`.

use std::num::NonZeroU64;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use scriptling_vm::error::{Error, ExcClass, Raise};
use scriptling_vm::isolate::{Isolate, Slice};
use scriptling_vm::native::Cx;
use scriptling_vm::portable::{HostHandle, Portable};
use scriptling_vm::run::strands::FiberState;
use smol_str::SmolStr;

use crate::deadlock::Outside;
use crate::group::Group;
use crate::limits::Bounds;
use crate::pool::{Arrival, Waiting};
use crate::primitives::atomic::{AtomicBool, AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use crate::primitives::{Instant, Mutex};
use crate::runtime::Inner;
use crate::schedule::{Duties, Start};
use crate::seeded::Seeded;
use crate::sync::{Owner, Ticket, Waiters, wake_all};
use crate::timer::Sleep;

/// Back-edges and calls between two looks at the clock: 50 to 250 microseconds of ordinary code.
const STEP_FUEL: u64 = 5_000;

/// How long a task keeps its thread while others that have had their share wait for one.
const SLICE: Duration = Duration::from_millis(1);

/// How long while a task waits that something happened to: they are what latency is about, and usually run shortly.
const URGENT_SLICE: Duration = Duration::from_micros(250);

/// How long a script may at least clean up whose time is over.
const LAST_WORDS: Duration = Duration::from_millis(100);

/// Why a task failed.
#[derive(Clone)]
pub struct Failure {
    /// The error, with its rendered traceback, and the exception if it could be copied out of the task.
    pub error: Arc<Error>,
}

/// What fits a word: centuries.
fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

impl Failure {
    /// Whether it is that the task was cancelled.
    pub(crate) fn is_cancellation(&self) -> bool {
        self.error.class() == ExcClass::CancelledError.name()
    }

    /// One of a builtin class that no script has raised.
    pub(crate) fn new(class: ExcClass, message: &str) -> Failure {
        let class = class.name();
        let error = Error::new(class, message.into(), format!("{class}: {message}\n"));
        Failure { error: Arc::new(error) }
    }
}

/// A task as everybody but its worker sees it.
pub struct Task {
    id: u64,
    name: SmolStr,
    is_main: bool,
    /// If it is a fiber of another task's isolate.
    fiber: Option<Box<Shared>>,
    arrival: AtomicU8,
    /// Whether it is queued or parked, while it does not run.
    queued: AtomicU8,
    requests: AtomicU8,
    /// The worker that has made its isolate, if one has.
    home: AtomicU16,
    slices: AtomicU32,
    /// Its place in the list of live tasks, under whose lock it is set and read.
    place: AtomicU32,
    fuel: AtomicU64,
    memory: AtomicUsize,
    /// When it was made, in nanoseconds on the timer's clock.
    born: u64,
    bounds: Option<Box<Bounds>>,
    state: Mutex<State>,
    /// Locked by its worker while it runs.
    body: Mutex<Option<Isolate>>,
    runtime: Weak<Inner>,
}

/// What a task has that is a fiber of another one's isolate.
struct Shared {
    duties: Mutex<Duties>,
    /// Whose isolate that is.
    owner: Weak<Task>,
    /// Whether it has its turn.
    running: AtomicBool,
}

#[derive(Default)]
struct State {
    result: Option<Result<Portable, Failure>>,
    observed: bool,
    reported: bool,
    waiters: Waiters,
    /// Wakes the task itself, until it is done.
    waker: Option<Waker>,
    /// When it was first cancelled, in nanoseconds on the timer's clock.
    cancelled_at: Option<NonZeroU64>,
    /// The innermost task group whose block it is in.
    group: Option<Arc<Group>>,
}

/// Raise `CancelledError`: somebody cancels it.
const CANCEL: u8 = 1;
/// Raise `CancelledError`: a task of the group whose block it is in has failed.
const STOP_BLOCK: u8 = 2;
/// Raise `KeyboardInterrupt`.
const INTERRUPT: u8 = 4;
/// End it without running any more of it.
const KILL: u8 = 8;

/// What a `CancelledError` says.
const CANCELLED_TEXT: &str = "the task was cancelled";
/// What it says in the block of a group.
const STOP_BLOCK_TEXT: &str = "a task of the group has failed";

/// What a task is doing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Activity {
    /// It waits for a thread.
    Queued,
    /// A thread runs it.
    Running,
    /// It waits for this.
    Parked(String),
    /// It has ended.
    Done,
}

impl Task {
    pub(crate) fn new(
        id: u64,
        name: SmolStr,
        is_main: bool,
        bounds: Option<Box<Bounds>>,
        runtime: &Arc<Inner>,
    ) -> Arc<Task> {
        Arc::new(Task {
            id,
            name,
            is_main,
            fiber: None,
            arrival: AtomicU8::new(Arrival::New as u8),
            queued: AtomicU8::new(1),
            requests: AtomicU8::new(0),
            home: AtomicU16::new(u16::MAX),
            slices: AtomicU32::new(0),
            place: AtomicU32::new(u32::MAX),
            fuel: AtomicU64::new(0),
            memory: AtomicUsize::new(0),
            born: nanos(runtime.timer.now()),
            bounds,
            state: Mutex::default(),
            body: Mutex::default(),
            runtime: Arc::downgrade(runtime),
        })
    }

    /// One that runs as a fiber of another task's isolate.
    pub(crate) fn new_shared(id: u64, name: SmolStr, owner: &Arc<Task>, runtime: &Arc<Inner>) -> Arc<Task> {
        let mut task = Task::new(id, name, false, None, runtime);
        let duties = Mutex::new(Duties::new(id));
        let shared = Shared { duties, owner: Arc::downgrade(owner), running: AtomicBool::new(false) };
        Arc::get_mut(&mut task).expect("nobody else has it yet").fiber = Some(Box::new(shared));
        task
    }

    /// Its number in the runtime.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Its place in the list of live tasks.
    pub(crate) fn place(&self) -> usize {
        self.place.load(Ordering::Relaxed) as usize
    }

    pub(crate) fn set_place(&self, place: usize) {
        self.place.store(u32::try_from(place).expect("no more tasks than that fit into memory"), Ordering::Relaxed);
    }

    /// Its name.
    pub fn name(&self) -> &SmolStr {
        &self.name
    }

    /// Whether it is the main program.
    pub fn is_main(&self) -> bool {
        self.is_main
    }

    /// Whether it is a fiber of another task's isolate.
    pub fn is_shared(&self) -> bool {
        self.fiber.is_some()
    }

    /// What it has to do before it ends, if it is a fiber of another task's isolate.
    pub(crate) fn fiber(&self) -> Option<&Mutex<Duties>> {
        self.fiber.as_ref().map(|shared| &shared.duties)
    }

    /// Slices it has run.
    pub fn slices(&self) -> u32 {
        self.slices.load(Ordering::Relaxed)
    }

    /// Backward jumps and calls it has made, as of its last slice.
    pub fn fuel_used(&self) -> u64 {
        self.fuel.load(Ordering::Relaxed)
    }

    /// Bytes of heap it uses, as of its last slice.
    pub fn memory_used(&self) -> usize {
        self.memory.load(Ordering::Relaxed)
    }

    /// When it was made, on the timer's clock.
    pub fn born(&self) -> Duration {
        Duration::from_nanos(self.born)
    }

    pub(crate) fn bounds(&self) -> Option<&Bounds> {
        self.bounds.as_deref()
    }

    /// Who it is to what it takes or waits for.
    pub(crate) fn owner(&self) -> Owner {
        Owner { id: self.id, name: self.name.clone() }
    }

    /// Whether it has ended.
    pub fn is_done(&self) -> bool {
        self.state.lock().result.is_some()
    }

    /// Whether it has ended because it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.state.lock().result.as_ref().is_some_and(|result| result.as_ref().is_err_and(Failure::is_cancellation))
    }

    /// Whether somebody has cancelled it.
    #[cfg(all(test, shuttle))]
    pub(crate) fn is_asked_to_end(&self) -> bool {
        self.state.lock().cancelled_at.is_some()
    }

    /// Its result, if it has ended. A failure counts as observed.
    pub fn result(&self) -> Option<Result<Portable, Failure>> {
        let mut state = self.state.lock();
        state.observed |= state.result.is_some();
        state.result.clone()
    }

    /// What it is doing at this moment.
    pub fn activity(&self) -> Activity {
        if self.is_done() {
            return Activity::Done;
        }
        if let Some(shared) = &self.fiber {
            return self.activity_of_fiber(shared);
        }
        let Some(body) = self.body.try_lock() else { return Activity::Running };
        match body.as_ref().filter(|_| self.is_parked()) {
            Some(isolate) => match isolate.fiber_state(None) {
                Some(FiberState::Parked(waiting)) => Activity::Parked(waiting),
                Some(_) => Activity::Queued,
                None => Activity::Parked("its shared tasks".into()),
            },
            None => Activity::Queued,
        }
    }

    /// The same for a fiber of another task, as far as one can see from outside while that one runs.
    fn activity_of_fiber(&self, shared: &Shared) -> Activity {
        let owner = shared.owner.upgrade();
        let body = owner.as_ref().and_then(|owner| owner.body.try_lock());
        if let Some(isolate) = body.as_ref().and_then(|body| body.as_ref()) {
            return match isolate.fiber_state(Some(self)) {
                Some(FiberState::Parked(waiting)) => Activity::Parked(waiting),
                _ => Activity::Queued,
            };
        }
        match (shared.running.load(Ordering::SeqCst), self.is_parked()) {
            (true, _) => Activity::Running,
            (false, true) => Activity::Parked("something".into()),
            (false, false) => Activity::Queued,
        }
    }

    /// A shared task has its turn.
    pub(crate) fn turn_begins(&self) {
        self.set_queued();
        self.fiber.iter().for_each(|shared| shared.running.store(true, Ordering::SeqCst));
    }

    /// The turn of a shared task is over.
    pub(crate) fn turn_ends(&self, parked: bool, fuel: u64) {
        self.slices.fetch_add(1, Ordering::Relaxed);
        self.fuel.fetch_add(fuel, Ordering::Relaxed);
        self.queued.store(u8::from(!parked), Ordering::SeqCst);
        self.fiber.iter().for_each(|shared| shared.running.store(false, Ordering::SeqCst));
    }

    /// The task ends whose isolate a shared task is a fiber of.
    pub(crate) fn outlives(&self) {
        let owner = self.fiber.as_ref().and_then(|shared| shared.owner.upgrade());
        if owner.is_some_and(|owner| owner.is_main)
            && let Some(runtime) = self.runtime.upgrade()
        {
            runtime.note_cut_short(&self.name);
        }
    }

    /// Whether it neither runs nor wants to. Only while nobody can wake it is that more than a guess.
    pub(crate) fn is_parked(&self) -> bool {
        self.queued.load(Ordering::SeqCst) == 0
    }

    /// What it waits for and where it stands, if it is parked on something that only another task can do.
    pub(crate) fn stuck_on(&self) -> Option<(String, String)> {
        let body = self.body.try_lock()?;
        let isolate = body.as_ref().filter(|isolate| self.is_parked() && isolate.waits_for_tasks())?;
        Some((isolate.waiting_on()?, isolate.stack_text()))
    }

    /// Asks it to end: raises `CancelledError` in it. The second time, after the grace period, is final. False if it has
    /// ended.
    pub fn cancel(&self) -> bool {
        let Some(runtime) = self.runtime.upgrade() else { return false };
        let now = nanos(runtime.timer.now()).max(1);
        let mut state = self.state.lock();
        if state.result.is_some() {
            return false;
        }
        let request = match state.cancelled_at {
            None => CANCEL,
            Some(first) if now.saturating_sub(first.get()) >= nanos(runtime.grace) => KILL,
            Some(_) => return true,
        };
        state.cancelled_at = state.cancelled_at.or(NonZeroU64::new(now));
        drop(state);
        self.request(request);
        true
    }

    /// Raises `KeyboardInterrupt` in it, unless it is being cancelled.
    pub(crate) fn interrupt(&self) {
        if self.state.lock().cancelled_at.is_none() {
            self.request(INTERRUPT);
        }
    }

    /// Raises `CancelledError` in the block of a task group.
    pub(crate) fn stop_block(&self) {
        self.request(STOP_BLOCK);
    }

    /// Ends it without running any more of it.
    pub(crate) fn kill(&self) {
        self.request(KILL);
    }

    fn request(&self, what: u8) {
        self.requests.fetch_or(what, Ordering::SeqCst);
        self.wake();
    }

    /// The same as [`Task::stop_block`], up to a call of [`Task::wake`], which makes it be noticed.
    pub(crate) fn note_stop(&self) {
        self.requests.fetch_or(STOP_BLOCK, Ordering::SeqCst);
    }

    pub(crate) fn wake(&self) {
        let waker = self.state.lock().waker.clone();
        waker.into_iter().for_each(Waker::wake);
    }

    /// Whether something is to be raised in it that has not been raised yet.
    pub(crate) fn has_requests(&self) -> bool {
        self.requests.load(Ordering::SeqCst) != 0
    }

    /// Takes back what [`Task::stop_block`] has asked for, if it has not happened yet. Called by the task itself.
    pub(crate) fn withdraw_stop(&self, cx: &mut Cx<'_>) -> bool {
        let noted = self.requests.fetch_and(!STOP_BLOCK, Ordering::SeqCst) & STOP_BLOCK != 0;
        cx.withdraw_interrupt(ExcClass::CancelledError, STOP_BLOCK_TEXT) || noted
    }

    /// What the block of a task group is ended with.
    pub(crate) fn stop_raise() -> Raise {
        Raise::new(ExcClass::CancelledError, STOP_BLOCK_TEXT)
    }

    /// The innermost task group whose block it is in; `replace` puts another in its place.
    pub(crate) fn group(&self) -> Option<Arc<Group>> {
        self.state.lock().group.clone()
    }

    pub(crate) fn set_group(&self, group: Option<Arc<Group>>) {
        let before = std::mem::replace(&mut self.state.lock().group, group);
        drop(before);
    }

    pub(crate) fn set_waker(&self, waker: Waker) {
        self.state.lock().waker = Some(waker);
    }

    /// Has `waker` woken when it ends; `None` if it has ended.
    pub(crate) fn on_end(&self, waker: &Waker) -> Option<Ticket> {
        let mut state = self.state.lock();
        if state.result.is_some() { None } else { Some(state.waiters.park(waker)) }
    }

    /// Takes back [`Task::on_end`].
    pub(crate) fn forget(&self, ticket: Ticket) {
        self.state.lock().waiters.remove(ticket);
    }

    /// The worker that it had better run on: its memory is there.
    pub(crate) fn home(&self) -> Option<usize> {
        let home = self.home.load(Ordering::Relaxed);
        (home != u16::MAX).then(|| usize::from(home))
    }

    /// Why it is queued now.
    pub(crate) fn arrival(&self) -> Arrival {
        match self.arrival.load(Ordering::Relaxed) {
            0 => Arrival::New,
            1 => Arrival::Woken,
            _ => Arrival::Preempted,
        }
    }

    /// It is being queued.
    pub(crate) fn set_queued(&self) {
        self.queued.store(1, Ordering::SeqCst);
    }

    /// What `CancelledError` says that is to be raised in a shared task, if it is.
    pub(crate) fn take_cancellation(&self) -> Option<&'static str> {
        let requests = self.requests.swap(0, Ordering::SeqCst);
        if requests & (CANCEL | KILL) != 0 {
            Some(CANCELLED_TEXT)
        } else if requests & STOP_BLOCK != 0 {
            Some(STOP_BLOCK_TEXT)
        } else {
            None
        }
    }

    /// A shared task is over. `observed`: nobody has to be told of a failure.
    pub(crate) fn end(self: &Arc<Self>, result: Result<Portable, Failure>, observed: bool) {
        let runtime = self.runtime.upgrade();
        if let (Some(shared), Some(runtime)) = (&self.fiber, &runtime) {
            shared.duties.lock().abandon(runtime, self);
        }
        self.state.lock().observed |= observed;
        if let (Err(_), Some(runtime)) = (&result, &runtime) {
            runtime.task_failed(self);
        }
        self.finish(result);
        runtime.into_iter().for_each(|runtime| runtime.task_ended(self));
    }

    fn finish(&self, result: Result<Portable, Failure>) {
        let mut state = self.state.lock();
        if state.result.is_some() {
            return;
        }
        state.result = Some(result);
        let own = (state.waker.take(), state.group.take());
        let wakers = state.waiters.drain();
        drop(state);
        drop(own);
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
        if failure.is_cancellation() {
            return;
        }
        drop(state);
        runtime.seeded.iter().for_each(|seeded| seeded.note_report());
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

    /// The result, or registers `waker`. A failure counts as observed.
    pub fn poll(&mut self, waker: &Waker) -> Poll<Result<Portable, Failure>> {
        self.poll_end(waker).map(|()| self.task.result().expect("it has ended"))
    }

    /// Whether it has ended; otherwise registers `waker`.
    pub fn poll_end(&mut self, waker: &Waker) -> Poll<()> {
        let mut state = self.task.state.lock();
        if state.result.is_some() {
            self.ticket = None;
            return Poll::Ready(());
        }
        match self.ticket {
            Some(ticket) if state.waiters.still_waits(ticket, waker) => {}
            _ => self.ticket = Some(state.waiters.park(waker)),
        }
        Poll::Pending
    }

    /// The task.
    pub fn task(&self) -> &Arc<Task> {
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

/// What a task that has not ended needs of its runtime. Each has one: all its parts refer to the runtime through it, because
/// processors have to agree about a count of references that they all change.
pub(crate) struct Live {
    pub(crate) runtime: Arc<Inner>,
    pub(crate) task: Arc<Task>,
}

/// The running side of a task.
pub(crate) struct TaskFuture {
    live: Arc<Live>,
    /// What to start with, until the first poll: the isolate is made on the thread that runs it.
    start: Option<Start>,
    /// The end of its time budget.
    deadline: Option<Box<Deadline>>,
    /// Counts it among the tasks that something outside of the program can wake, while it is parked on such a thing.
    outside: Option<Outside>,
}

/// The end of a task's time.
pub(crate) struct Deadline {
    sleep: Sleep,
    /// Whether the script has been told: the next time is final.
    told: bool,
}

type Ended = Result<Portable, Failure>;

impl Future for TaskFuture {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        this.outside = None;
        // The isolate is dropped after a panic and nothing of it is looked at again, so unwind safety is not a question.
        let slice = std::panic::catch_unwind(AssertUnwindSafe(|| this.slice(context.waker())));
        let result = match slice {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(result)) => result,
            Err(panic) => Err(internal_error(&*panic)),
        };
        this.drop_isolate();
        this.end(result);
        Poll::Ready(())
    }
}

impl TaskFuture {
    pub(crate) fn new(live: Arc<Live>, start: Start, until: Option<Duration>) -> TaskFuture {
        let sleep = until.map(|until| Sleep::until(live.runtime.timer.clone(), until));
        let deadline = sleep.map(|sleep| Box::new(Deadline { sleep, told: false }));
        TaskFuture { live, start: Some(start), deadline, outside: None }
    }

    /// Its other side.
    #[cfg(test)]
    pub(crate) fn task(&self) -> &Arc<Task> {
        &self.live.task
    }

    /// The task's memory goes before anybody learns that it has ended. A second panic must not take the worker along.
    fn drop_isolate(&mut self) {
        let mut body = self.live.task.body.lock();
        // Where it is: it is large.
        let _ = std::panic::catch_unwind(AssertUnwindSafe(|| *body = None));
    }

    fn end(&mut self, result: Ended) {
        let Live { runtime, task } = &*self.live;
        if result.is_err() {
            runtime.task_failed(task);
        }
        task.finish(result);
        runtime.task_ended(task);
    }

    fn slice(&mut self, waker: &Waker) -> Poll<Ended> {
        let TaskFuture { live, start, deadline, outside } = self;
        let Live { runtime, task } = &**live;
        let mut body = task.body.lock();
        if let Some(start) = start.take() {
            if task.requests.load(Ordering::SeqCst) & (CANCEL | KILL) != 0 {
                return Poll::Ready(Err(Failure::new(ExcClass::CancelledError, CANCELLED_TEXT)));
            }
            match crate::schedule::start(live, start) {
                Ok(isolate) => {
                    *body = Some(isolate);
                    let home = runtime.pool.worker().and_then(|worker| u16::try_from(worker).ok());
                    task.home.store(home.unwrap_or(u16::MAX), Ordering::Relaxed);
                }
                Err(error) => return Poll::Ready(Err(Failure { error: Arc::new(error) })),
            }
        }
        let begin = Instant::now();
        loop {
            let Some(isolate) = &mut *body else { return Poll::Ready(Err(killed())) };
            if let Some(end) = task.raise_requests(isolate).or_else(|| check_deadline(deadline, isolate, runtime)) {
                return Poll::Ready(Err(end));
            }
            let slice = run_step(isolate, waker, runtime.seeded.as_deref());
            crate::schedule::settle(isolate);
            task.count_slice(isolate);
            match slice {
                Slice::Done(value) => return Poll::Ready(Ok(value)),
                Slice::Failed(error) => return Poll::Ready(Err(task.failure(error))),
                Slice::Parked => {
                    task.pauses(runtime);
                    if let Some(deadline) = deadline
                        && deadline.sleep.poll(waker).is_ready()
                    {
                        continue;
                    }
                    // Its time limit will end its wait, too; the main program's ends everything.
                    let limited = deadline.is_some() && !task.is_main;
                    if limited || !isolate.waits_for_tasks() {
                        *outside = Some(Outside::new(runtime));
                    }
                    task.arrival.store(Arrival::Woken as u8, Ordering::Relaxed);
                    task.queued.store(0, Ordering::SeqCst);
                    return Poll::Pending;
                }
                Slice::OutOfFuel => {
                    task.pauses(runtime);
                    runtime.pool.share_slot();
                    let enough = match runtime.pool.waiting() {
                        _ if runtime.seeded.is_some() => true,
                        Waiting::Nobody => false,
                        Waiting::Preempted => begin.elapsed() >= SLICE,
                        Waiting::Woken => begin.elapsed() >= URGENT_SLICE,
                    };
                    if enough {
                        task.arrival.store(Arrival::Preempted as u8, Ordering::Relaxed);
                        waker.wake_by_ref();
                        return Poll::Pending;
                    }
                }
            }
        }
    }
}

impl Task {
    /// Raises in the script what has been asked for from outside since the last step; or says how it ends.
    fn raise_requests(&self, isolate: &mut Isolate) -> Option<Failure> {
        if self.requests.load(Ordering::SeqCst) == 0 {
            return None;
        }
        let requests = self.requests.swap(0, Ordering::SeqCst);
        if requests & KILL != 0 {
            return Some(killed());
        }
        if requests & CANCEL != 0 {
            isolate.interrupt(ExcClass::CancelledError, CANCELLED_TEXT);
        } else if requests & INTERRUPT != 0 {
            isolate.interrupt(ExcClass::KeyboardInterrupt, "");
        } else {
            isolate.interrupt(ExcClass::CancelledError, STOP_BLOCK_TEXT);
        }
        None
    }

    /// Only its worker writes these.
    fn count_slice(&self, isolate: &Isolate) {
        self.slices.store(self.slices.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
        self.fuel.store(isolate.fuel_used(), Ordering::Relaxed);
        self.memory.store(isolate.memory_used(), Ordering::Relaxed);
    }

    /// It waits, or goes on after a step.
    fn pauses(&self, runtime: &Inner) {
        if self.is_main {
            runtime.main_pauses();
        }
    }

    /// What its promise raises. Only the main program can end the program.
    pub(crate) fn failure(&self, error: Error) -> Failure {
        if error.exit_code().is_none() || self.is_main {
            return Failure { error: Arc::new(error) };
        }
        let text = format!(
            "task '{}' called sys.exit({}): only the main script can end the program",
            self.name,
            error.message()
        );
        let rendered = format!("{}\n{}: {text}\n", error.rendered().trim_end(), ExcClass::RuntimeError.name());
        let error = Error::new(ExcClass::RuntimeError.name(), text, rendered);
        Failure { error: Arc::new(error) }
    }
}

/// Runs an isolate until it stops, but not for long.
fn run_step(isolate: &mut Isolate, waker: &Waker, seeded: Option<&Seeded>) -> Slice {
    let Some(seeded) = seeded else { return isolate.run(STEP_FUEL, waker) };
    let before = isolate.fuel_used();
    let slice = isolate.run(seeded.fuel(), waker);
    seeded.spend(isolate.fuel_used().saturating_sub(before));
    slice
}

/// Tells the script that its time is over, and ends it if it has not heard.
fn check_deadline(
    deadline: &mut Option<Box<Deadline>>,
    isolate: &mut Isolate,
    runtime: &Arc<Inner>,
) -> Option<Failure> {
    const TEXT: &str = "the time limit is exceeded";
    let deadline = deadline.as_mut().filter(|deadline| deadline.sleep.is_over())?;
    if deadline.told {
        return Some(Failure::new(ExcClass::TimeLimitExceeded, TEXT));
    }
    isolate.interrupt(ExcClass::TimeLimitExceeded, TEXT);
    let sleep = Sleep::new(runtime.timer.clone(), runtime.grace.max(LAST_WORDS));
    **deadline = Deadline { sleep, told: true };
    None
}

impl Drop for TaskFuture {
    fn drop(&mut self) {
        // Dropped by the executor without having ended: whoever waits for it must not wait forever.
        if !self.live.task.is_done() {
            self.drop_isolate();
            self.end(Err(killed()));
        }
    }
}

fn killed() -> Failure {
    Failure::new(ExcClass::CancelledError, "the task was ended before it was finished")
}

fn internal_error(panic: &(dyn std::any::Any + Send)) -> Failure {
    let text = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    let message = format!("internal error: {}", text.unwrap_or("panic"));
    let rendered = format!("SystemError: {message}\n");
    Failure { error: Arc::new(Error::new("SystemError", message, rendered)) }
}

#[cfg(test)]
mod tests {
    use super::{Task, TaskFuture};

    #[test]
    fn a_parked_task_is_small() {
        // The isolate included. With what async-task and `Arc` add, each just below a size that the allocator has.
        assert!(size_of::<TaskFuture>() <= 64, "{} bytes", size_of::<TaskFuture>());
        assert!(size_of::<Task>() <= 1008, "{} bytes", size_of::<Task>());
    }
}

//! The run queue on a rayon pool: who runs next, on which thread.
//!
//! rayon's own queues would not do: a worker prefers what it queued itself, so a task that is woken from outside would wait
//! for as long as tasks that are preempted again and again keep re-queueing themselves. So the order is ours, in one queue
//! for the pool, and what we give to rayon are *tokens*: jobs that say "run whatever is first, until nothing is queued".
//! A runnable that is queued comes with a token, unless there is one for every thread: tokens are counted under the lock of
//! the queue, and one retires under the same lock that it has found the queue empty under, so nothing is left behind. That
//! there are no more keeps rayon's queues short, and out of the way: a turn costs it nothing.
//!
//! # Order
//! See [`ready`](crate::ready). A task that a running task wakes goes into the *next* slot of that worker and runs right after
//! it, on a warm cache, without waking a thread: that is what makes ping-pong through queues cheap. That slot cannot be robbed,
//! so the running task looks at it from time to time ([`Pool::share_slot`]) and gives it away when others could help.
//!
//! When the queue is long a worker takes a few more with the one it came for and runs those *ahead* first, because threads that
//! are done with each task in a microsecond would mostly exchange the cache line of the queue's lock. Those ahead can be robbed,
//! by a worker that finds the queue empty ([`Pool::rob`]): a task that keeps its thread, in a native that takes long, must not
//! keep the others that came with it.
//!
//! # Before there are threads
//! Most programs start no task, so threads may be started with the first one ([`Pool::start`]). Until then the thread that
//! waits for the main program runs it ([`Pool::run_here`]), and hands it over in between two of its turns: no more scripts
//! than workers ever run at once.
//!
//! # With a seed
//! In the deterministic mode (`seeded`) there never are threads: one thread of the host runs all, and who is next is a matter
//! of the seed instead of the order above.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};
// Of the machine, not of a schedule.
use std::thread::available_parallelism;

use crossbeam_utils::CachePadded;

use crate::primitives::atomic::{AtomicUsize, Ordering};
use crate::primitives::thread::{self, Thread};
use crate::primitives::{Mutex, ThreadPool, ThreadPoolBuilder};
use crate::ready::Ready;
use crate::seeded::Seeded;
use crate::task::Live;

/// A task that wants to run.
pub(crate) type Runnable = async_task::Runnable<Arc<Live>>;

/// Slices never recurse over script frames, but parsers and printers may nest up to their limits.
pub(crate) const STACK_SIZE: usize = 4 * 1024 * 1024;

/// Turns that a worker takes from its slot in a row before the queue gets its turn.
const SLOT_TURNS: usize = 64;

/// How many threads a pool says it has that decides by a seed, so that nothing depends on the machine.
const SEEDED_WORKERS: usize = 4;

/// What is called when there is nothing to do: see [`Pool::on_idle`].
type OnIdle = dyn Fn(&dyn Fn() -> bool) -> bool + Send + Sync;

/// Threads and the queue before them.
pub(crate) struct Pool {
    /// How many threads there shall be; `None`: one per processor.
    wanted: Option<usize>,
    seeded: Option<Arc<Seeded>>,
    threads: OnceLock<Threads>,
    queue: CachePadded<Mutex<RunQueue>>,
    /// How many workers run something.
    busy: CachePadded<AtomicUsize>,
    lengths: CachePadded<Lengths>,
    /// How many workers have more to run than what is next.
    ahead: CachePadded<AtomicUsize>,
    /// Called when nobody runs anything and nothing is queued.
    on_idle: OnceLock<Box<OnIdle>>,
    /// Locked by the one that calls it: a second one at the same time would be in the way of what it looks at.
    looking: Mutex<()>,
}

/// The lengths of the queue, for those who only want to know whether to hurry.
#[derive(Default)]
struct Lengths {
    woken: AtomicUsize,
    preempted: AtomicUsize,
}

struct Threads {
    pool: ThreadPool,
    /// One for each. Used by its own worker nearly always; apart from the others', as all that one thread writes often is kept
    /// apart here from what others use.
    slots: Box<[CachePadded<Mutex<Slot>>]>,
}

/// What a worker runs before it looks at the queue.
#[derive(Default)]
struct Slot {
    /// What the running task has woken.
    next: Option<Runnable>,
    /// What the worker has taken from the queue when that was long.
    ahead: VecDeque<Runnable>,
}

impl Slot {
    fn is_empty(&self) -> bool {
        self.next.is_none() && self.ahead.is_empty()
    }
}

/// Who takes runnables off the queue.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Drive {
    /// The thread in [`Pool::run_here`].
    #[default]
    Here,
    /// The threads, once that one has returned from the turn that it may be in.
    HandingOver,
    /// The threads.
    Threads,
}

/// Who waits for a thread.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Waiting {
    /// Nobody.
    Nobody,
    /// Tasks that have had their share.
    Preempted,
    /// Tasks that something happened to.
    Woken,
}

#[derive(Default)]
struct RunQueue {
    ready: Ready<Runnable>,
    drive: Drive,
    /// The thread in [`Pool::run_here`].
    here: Option<Thread>,
    /// Tokens that have been given out and have not retired.
    tokens: usize,
}

/// Where a runnable comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Arrival {
    /// A new task.
    New,
    /// What it waited for has happened.
    Woken,
    /// It used up its slice.
    Preempted,
}

impl Pool {
    /// A pool of `wanted` threads (one per processor if `None`), started by [`Pool::start`]; or one without threads, if it is
    /// `seeded`.
    pub(crate) fn new(wanted: Option<usize>, seeded: Option<Arc<Seeded>>) -> Arc<Pool> {
        Arc::new(Pool {
            wanted,
            seeded,
            threads: OnceLock::new(),
            queue: CachePadded::default(),
            busy: CachePadded::new(AtomicUsize::new(0)),
            lengths: CachePadded::default(),
            ahead: CachePadded::default(),
            on_idle: OnceLock::new(),
            looking: Mutex::default(),
        })
    }

    /// Has `look` called whenever the last one that ran something finds nothing more to run. It is called without locks, by
    /// one that would be idle otherwise, with a function that says whether nothing has been run or queued since. It says
    /// whether it has found something that may change that.
    pub(crate) fn on_idle(&self, look: impl Fn(&dyn Fn() -> bool) -> bool + Send + Sync + 'static) {
        // Set once, by whoever makes the pool.
        let _ = self.on_idle.set(Box::new(look));
    }

    /// If nothing is queued and nobody runs anything: how many turns there have been. What a task wakes is queued before
    /// that one has stopped running.
    fn idle_since(&self) -> Option<usize> {
        let queue = self.queue.lock();
        let idle = queue.ready.len() == 0 && self.busy.load(Ordering::SeqCst) == 0;
        idle.then(|| queue.ready.turns())
    }

    fn look_if_idle(&self) -> bool {
        if self.on_idle.get().is_none() {
            return false;
        }
        let _one = self.looking.lock();
        match (self.on_idle.get(), self.idle_since()) {
            (Some(look), Some(turns)) => look(&|| self.idle_since() == Some(turns)),
            _ => false,
        }
    }

    /// The number of threads.
    pub(crate) fn workers(&self) -> usize {
        let by_itself = || match self.seeded {
            Some(_) => SEEDED_WORKERS,
            None => available_parallelism().map_or(1, usize::from),
        };
        let wanted = || self.wanted.unwrap_or_else(by_itself);
        self.threads.get().map_or_else(wanted, |threads| threads.slots.len())
    }

    /// Starts the threads, if that has not been done and there shall be some.
    pub(crate) fn start(self: &Arc<Self>) -> Result<(), rayon::ThreadPoolBuildError> {
        if self.threads.get().is_some() || self.seeded.is_some() {
            return Ok(());
        }
        let mut queue = self.queue.lock();
        if self.threads.get().is_none() {
            let workers = self.workers();
            let pool = ThreadPoolBuilder::new()
                .num_threads(workers)
                .thread_name(|index| format!("scriptling-{index}"))
                .stack_size(STACK_SIZE)
                .build()?;
            let slots = (0..workers).map(|_| CachePadded::default()).collect();
            queue.ready.set_workers(workers);
            // Set under the lock, so by nobody else.
            let _ = self.threads.set(Threads { pool, slots });
            match &queue.here {
                Some(here) => {
                    here.unpark();
                    queue.drive = Drive::HandingOver;
                }
                None => self.hand_over(&mut queue),
            }
        }
        Ok(())
    }

    /// Whether the threads have been started.
    #[cfg(test)]
    pub(crate) fn has_threads(&self) -> bool {
        self.threads.get().is_some()
    }

    /// Whether the caller, a task, keeps the threads from starting to work: it should give up its turn.
    pub(crate) fn is_handing_over(&self) -> bool {
        self.queue.lock().drive == Drive::HandingOver
    }

    /// Gives the threads a token for everything that is queued.
    fn hand_over(self: &Arc<Self>, queue: &mut RunQueue) {
        queue.drive = Drive::Threads;
        (0..queue.ready.len()).for_each(|_| {
            self.token_due(queue).then(|| self.spawn_token());
        });
    }

    /// Runs what is queued on this thread until `done`, or until there are threads to do that. Whoever makes `done` true
    /// unparks this thread.
    pub(crate) fn run_here(self: &Arc<Self>, mut done: impl FnMut() -> bool) {
        let mut queue = self.queue.lock();
        if queue.drive != Drive::Here || queue.here.is_some() {
            return;
        }
        queue.here = Some(thread::current());
        drop(queue);
        self.seeded.iter().for_each(|seeded| seeded.drive_here());
        while !done() {
            let mut queue = self.queue.lock();
            if queue.drive == Drive::HandingOver {
                break;
            }
            let next = match &self.seeded {
                Some(seeded) => queue.ready.pop_seeded(seeded),
                None => queue.ready.pop(None),
            };
            self.publish(&queue);
            drop(queue);
            match next {
                Some(runnable) => {
                    runnable.run();
                    self.seeded.iter().for_each(|seeded| seeded.fire());
                }
                None if self.look_if_idle() => {}
                None => thread::park(),
            }
        }
        let mut queue = self.queue.lock();
        queue.here = None;
        if queue.drive == Drive::HandingOver {
            self.hand_over(&mut queue);
        }
    }

    /// Queues a runnable.
    pub(crate) fn schedule(self: &Arc<Self>, runnable: Runnable, arrival: Arrival) {
        let runnable = match self.own_slot().filter(|_| arrival == Arrival::Woken) {
            Some(slot) => match slot.lock().next.replace(runnable) {
                None => return,
                // Two woken in one turn: the newer one is next, the older one is for everybody.
                Some(older) => older,
            },
            None => runnable,
        };
        self.enqueue(runnable, arrival == Arrival::Preempted);
    }

    /// The number of this thread, if it is one of the pool's.
    pub(crate) fn worker(&self) -> Option<usize> {
        self.threads.get()?.pool.current_thread_index()
    }

    fn slot(&self, worker: usize) -> &Mutex<Slot> {
        &self.threads.get().expect("there are workers").slots[worker]
    }

    /// The next slot of this thread, if it is one of the pool's.
    fn own_slot(&self) -> Option<&Mutex<Slot>> {
        let threads = self.threads.get()?;
        threads.pool.current_thread_index().map(|worker| &*threads.slots[worker])
    }

    fn enqueue(self: &Arc<Self>, runnable: Runnable, preempted: bool) {
        let mut queue = self.queue.lock();
        if preempted {
            queue.ready.push_preempted(runnable);
        } else if queue.drive == Drive::HandingOver {
            // The main program, which gives up its turn for technical reasons only.
            queue.ready.push_first(runnable);
        } else {
            let home = runnable.metadata().task.home();
            queue.ready.push_woken(runnable, home);
        }
        self.publish(&queue);
        match queue.drive {
            Drive::Here => queue.here.iter().for_each(Thread::unpark),
            Drive::HandingOver => {}
            Drive::Threads => {
                let due = self.token_due(&mut queue);
                drop(queue);
                due.then(|| self.spawn_token());
            }
        }
    }

    /// Whether one more runnable in the queue needs one more token, which then counts as given out.
    fn token_due(&self, queue: &mut RunQueue) -> bool {
        let due = queue.tokens < self.workers();
        queue.tokens += usize::from(due);
        due
    }

    fn spawn_token(self: &Arc<Self>) {
        let pool = self.clone();
        let threads = self.threads.get().expect("tokens are for threads");
        threads.pool.spawn_fifo(move || pool.take_turns());
    }

    fn publish(&self, queue: &RunQueue) {
        self.lengths.woken.store(queue.ready.woken(), Ordering::Relaxed);
        self.lengths.preempted.store(queue.ready.preempted(), Ordering::Relaxed);
    }

    /// What is first; if there is nothing, the token that asks is no more.
    fn pop_or_retire(&self, worker: usize) -> Option<Runnable> {
        let mut queue = self.queue.lock();
        let runnable = self.pop(worker, &mut queue).or_else(|| self.rob(worker));
        queue.tokens -= usize::from(runnable.is_none());
        runnable
    }

    /// What is first. If the queue is long, the worker takes more with it, because going to the queue for each is what it would
    /// otherwise do mostly if they do little.
    fn pop(&self, worker: usize, queue: &mut RunQueue) -> Option<Runnable> {
        let first = queue.ready.pop(Some(worker))?;
        let more = queue.ready.share();
        if more > 0 {
            // It is the worker itself that asks, and it does so when it has nothing.
            let ahead = &mut self.slot(worker).lock().ahead;
            ahead.extend((0..more).map_while(|_| queue.ready.pop_woken(Some(worker))));
            self.ahead.fetch_add(1, Ordering::SeqCst);
        }
        self.publish(queue);
        Some(first)
    }

    /// Takes over what another worker has taken from the queue and not got round to, for one that finds the queue empty. So that
    /// it is not stuck with the other: when that one took it the queue was long, so everybody comes here later than that.
    fn rob(&self, worker: usize) -> Option<Runnable> {
        if self.ahead.load(Ordering::SeqCst) == 0 {
            return None;
        }
        let others = (0..self.workers()).filter(|other| *other != worker);
        let mut ahead =
            others.map(|other| std::mem::take(&mut self.slot(other).lock().ahead)).find(|ahead| !ahead.is_empty())?;
        let first = ahead.pop_front();
        if ahead.is_empty() {
            self.ahead.fetch_sub(1, Ordering::SeqCst);
        }
        self.slot(worker).lock().ahead = ahead;
        first
    }

    /// A token's work: runs the first of the queue and what that puts into this worker's slot, until nothing is queued.
    fn take_turns(self: &Arc<Self>) {
        // Before it takes something: what is neither queued nor held by somebody busy does not exist.
        self.busy.fetch_add(1, Ordering::SeqCst);
        let worker = self.worker().expect("tokens run on the pool's threads");
        while let Some(runnable) = self.pop_or_retire(worker) {
            self.take_turns_from(worker, runnable);
        }
        if self.busy.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.look_if_idle();
            // Whom that has woken is in the slot, and this worker may get nothing more to do.
            let woken = self.slot(worker).lock().next.take();
            woken.into_iter().for_each(|woken| self.enqueue(woken, false));
        }
    }

    fn take_turns_from(self: &Arc<Self>, worker: usize, runnable: Runnable) {
        runnable.run();
        let slot = self.slot(worker);
        let mut turns = 0;
        loop {
            let next = slot.lock().next.take();
            let next = match next {
                Some(next) if turns < SLOT_TURNS || !self.is_anybody_queued(slot) => {
                    turns += 1;
                    next
                }
                next => {
                    next.into_iter().for_each(|next| self.enqueue(next, false));
                    turns = 0;
                    let Some(next) = self.pop_ahead(slot) else { break };
                    next
                }
            };
            next.run();
        }
    }

    /// Whether somebody waits for the worker whose slot this is and is not next.
    fn is_anybody_queued(&self, slot: &Mutex<Slot>) -> bool {
        let Lengths { woken, preempted } = &*self.lengths;
        woken.load(Ordering::Relaxed) + preempted.load(Ordering::Relaxed) > 0 || !slot.lock().ahead.is_empty()
    }

    /// The next of what a worker has taken from the queue.
    fn pop_ahead(&self, slot: &Mutex<Slot>) -> Option<Runnable> {
        let mut slot = slot.lock();
        let next = slot.ahead.pop_front();
        if next.is_some() && slot.ahead.is_empty() {
            self.ahead.fetch_sub(1, Ordering::SeqCst);
        }
        next
    }

    /// Called by a task that goes on running: what it has woken may run elsewhere, if a thread is free.
    pub(crate) fn share_slot(self: &Arc<Self>) {
        let Some(threads) = self.threads.get() else { return };
        if self.busy.load(Ordering::Relaxed) >= threads.slots.len() {
            return;
        }
        let Some(slot) = self.own_slot() else { return };
        let next = slot.lock().next.take();
        next.into_iter().for_each(|next| self.enqueue(next, false));
        while let Some(next) = self.pop_ahead(slot) {
            self.enqueue(next, false);
        }
    }

    /// How urgently somebody waits for this thread.
    pub(crate) fn waiting(&self) -> Waiting {
        let in_slot = self.own_slot().is_some_and(|slot| !slot.lock().is_empty());
        if in_slot || self.lengths.woken.load(Ordering::Relaxed) > 0 {
            Waiting::Woken
        } else if self.lengths.preempted.load(Ordering::Relaxed) > 0 {
            Waiting::Preempted
        } else {
            Waiting::Nobody
        }
    }
}

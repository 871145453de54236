//! The run queue on a rayon pool: who runs next, on which thread.
//!
//! rayon's own queues would not do: a worker prefers what it queued itself, so a task that is woken from outside would wait
//! for as long as tasks that are preempted again and again keep re-queueing themselves. So the order is ours, in one queue
//! for the pool, and what we give to rayon are *tokens*: jobs that say "run whatever is first". There is a token for every
//! queued runnable, no matter which.
//!
//! # Order
//! Tasks that were woken go before tasks that used up their slice; every [`PATIENCE`]th turn it is the other way round, so
//! that neither starves. A task that a running task wakes goes into the *next* slot of that worker and runs right after
//! it, on a warm cache, without waking a thread: that is what makes ping-pong through queues cheap. A slot cannot be robbed,
//! so the running task looks at it from time to time ([`Pool::share_slot`]) and gives it away when others could help.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

use crate::task::Task;

/// A task that wants to run.
pub(crate) type Runnable = async_task::Runnable<Arc<Task>>;

/// After this many turns of woken tasks, one turn for a preempted one.
const PATIENCE: usize = 8;

/// Turns that a worker takes from its slot in a row before the queue gets its turn.
const SLOT_TURNS: usize = 64;

/// Threads and the queue before them.
pub(crate) struct Pool {
    threads: rayon::ThreadPool,
    queue: Mutex<RunQueue>,
    slots: Box<[Mutex<Option<Runnable>>]>,
    /// How many workers run something.
    busy: AtomicUsize,
    /// The queue's lengths, for those who only want to know whether to hurry.
    woken: AtomicUsize,
    preempted: AtomicUsize,
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
    woken: VecDeque<Runnable>,
    preempted: VecDeque<Runnable>,
    turns: usize,
}

impl RunQueue {
    fn pop(&mut self) -> Option<Runnable> {
        self.turns = self.turns.wrapping_add(1);
        if self.turns.is_multiple_of(PATIENCE) {
            self.preempted.pop_front().or_else(|| self.woken.pop_front())
        } else {
            self.woken.pop_front().or_else(|| self.preempted.pop_front())
        }
    }
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
    /// A pool of `workers` threads.
    pub(crate) fn new(workers: usize) -> Result<Arc<Pool>, rayon::ThreadPoolBuildError> {
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(workers)
            .thread_name(|index| format!("scriptling-{index}"))
            // Slices never recurse over script frames, but parsers and printers may nest up to their limits.
            .stack_size(4 * 1024 * 1024)
            .build()?;
        let slots = (0..workers).map(|_| Mutex::new(None)).collect();
        Ok(Arc::new(Pool {
            threads,
            queue: Mutex::default(),
            slots,
            busy: AtomicUsize::new(0),
            woken: AtomicUsize::new(0),
            preempted: AtomicUsize::new(0),
        }))
    }

    /// The number of threads.
    pub(crate) fn workers(&self) -> usize {
        self.slots.len()
    }

    /// Queues a runnable.
    pub(crate) fn schedule(self: &Arc<Self>, runnable: Runnable, arrival: Arrival) {
        let runnable = match (arrival, self.threads.current_thread_index()) {
            (Arrival::Woken, Some(worker)) => match self.slots[worker].lock().replace(runnable) {
                None => return,
                // Two woken in one turn: the newer one is next, the older one is for everybody.
                Some(older) => older,
            },
            _ => runnable,
        };
        self.enqueue(runnable, arrival == Arrival::Preempted);
    }

    fn enqueue(self: &Arc<Self>, runnable: Runnable, preempted: bool) {
        let mut queue = self.queue.lock();
        if preempted {
            queue.preempted.push_back(runnable);
        } else {
            queue.woken.push_back(runnable);
        }
        self.publish(&queue);
        drop(queue);
        let pool = self.clone();
        self.threads.spawn_fifo(move || pool.take_turns());
    }

    fn publish(&self, queue: &RunQueue) {
        self.woken.store(queue.woken.len(), Ordering::Relaxed);
        self.preempted.store(queue.preempted.len(), Ordering::Relaxed);
    }

    fn pop(&self) -> Option<Runnable> {
        let mut queue = self.queue.lock();
        let runnable = queue.pop();
        self.publish(&queue);
        runnable
    }

    /// A token's work: runs the first of the queue, and what that puts into this worker's slot.
    fn take_turns(self: &Arc<Self>) {
        let Some(runnable) = self.pop() else { return };
        self.busy.fetch_add(1, Ordering::Relaxed);
        runnable.run();
        let worker = self.threads.current_thread_index().expect("tokens run on the pool's threads");
        let mut turns = 0;
        loop {
            let next = self.slots[worker].lock().take();
            let Some(next) = next else { break };
            turns += 1;
            if turns > SLOT_TURNS && self.woken.load(Ordering::Relaxed) + self.preempted.load(Ordering::Relaxed) > 0 {
                self.enqueue(next, false);
                break;
            }
            next.run();
        }
        self.busy.fetch_sub(1, Ordering::Relaxed);
    }

    /// Called by a task that goes on running: what it has woken may run elsewhere, if a thread is free.
    pub(crate) fn share_slot(self: &Arc<Self>) {
        if self.busy.load(Ordering::Relaxed) >= self.workers() {
            return;
        }
        let Some(worker) = self.threads.current_thread_index() else { return };
        let waiting = self.slots[worker].lock().take();
        if let Some(waiting) = waiting {
            self.enqueue(waiting, false);
        }
    }

    /// How urgently somebody waits for this thread.
    pub(crate) fn waiting(&self) -> Waiting {
        let in_slot = self.threads.current_thread_index().is_some_and(|worker| self.slots[worker].lock().is_some());
        if in_slot || self.woken.load(Ordering::Relaxed) > 0 {
            Waiting::Woken
        } else if self.preempted.load(Ordering::Relaxed) > 0 {
            Waiting::Preempted
        } else {
            Waiting::Nobody
        }
    }
}

//! Work on a store that may keep its thread waiting: few threads do it, however many tasks ask for it.
//!
//! A thread for each of a thousand tasks that write to one file would mean a thousand stacks, and as many caches of the memory
//! allocator (about a MiB each, measured), for threads that wait for one another: a file has one writer at a time.
//!
//! Yet the more changes one commit makes, the less each costs. So a thread whose change waits for a commit does not only wait:
//! it first takes up what is queued behind it ([`Lane::help`]), on its own stack, and what changes something there joins the
//! same commit. Replies come in the opposite order then, but each is due with that one commit: work on a store makes one change
//! (`get_or_set` makes another if its key was removed in between, and those before it wait for one commit more).

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread::available_parallelism;

use async_task::{Runnable, Task};

use crate::primitives::thread::{self, ThreadId};
use crate::primitives::{Mutex, on_waiting_thread};

/// How much work a thread has begun at most when it takes up more: its stack has room for several times as much.
const BEGUN: usize = 64;

/// See the module documentation.
pub struct Lane {
    threads: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Runnable>,
    /// Threads that are at work, or about to be.
    threads: usize,
    /// How much work each of those that are has begun and not finished.
    begun: Vec<(ThreadId, usize)>,
}

impl Lane {
    /// A lane of up to that many threads, at least one. They come from the pool of threads that may wait, while there is work.
    pub fn new(threads: usize) -> Arc<Lane> {
        Arc::new(Lane { threads: threads.max(1), state: Mutex::default() })
    }

    /// A lane for short work: a thread for each processor, within reason.
    pub fn short() -> Arc<Lane> {
        Lane::new(available_parallelism().map_or(2, |count| count.get().clamp(2, 8)))
    }

    /// A lane for what goes through a whole store: it needs a processor most of the time, and is in nobody's way here.
    pub fn long() -> Arc<Lane> {
        Lane::new(2)
    }

    /// Has work done; what it returns, or its panic, is the task's. If the task is dropped before the work has begun it never
    /// does.
    pub fn run<T>(self: &Arc<Self>, work: impl FnOnce() -> T + Send + 'static) -> Task<T>
    where
        T: Send + 'static,
    {
        let lane = self.clone();
        let (runnable, task) = async_task::Builder::new()
            .propagate_panic(true)
            .spawn(|()| async move { work() }, move |runnable| Lane::push(&lane, runnable));
        runnable.schedule();
        task
    }

    /// As [`Lane::run`], for work that is done even if nobody waits for it any more.
    pub(crate) fn run_in_any_case<T>(self: &Arc<Self>, work: impl FnOnce() -> T + Send + 'static) -> InAnyCase<T>
    where
        T: Send + 'static,
    {
        InAnyCase(Some(self.run(work)))
    }

    fn push(self: &Arc<Self>, runnable: Runnable) {
        let mut state = self.state.lock();
        state.queue.push_back(runnable);
        if state.threads == self.threads {
            return;
        }
        state.threads += 1;
        drop(state);
        let lane = self.clone();
        on_waiting_thread(move || lane.work_off());
    }

    /// Does what there is.
    fn work_off(&self) {
        let own = thread::current().id();
        let mut state = self.state.lock();
        state.begun.push((own, 1));
        while let Some(runnable) = state.queue.pop_front() {
            drop(state);
            finish(runnable);
            state = self.state.lock();
        }
        state.begun.retain(|(thread, _)| *thread != own);
        state.threads -= 1;
    }

    /// For work of this lane that is about to wait: does what is queued until `enough`. Elsewhere it does nothing.
    pub(crate) fn help(&self, enough: impl Fn() -> bool) {
        let own = thread::current().id();
        let mut state = self.state.lock();
        match state.begun_by(own) {
            Some(begun) if *begun < BEGUN => *begun += 1,
            _ => return,
        }
        // Not for ever: what this thread has to wait for would wait for it.
        for _ in 0..BEGUN {
            let Some(runnable) = state.queue.pop_front() else { break };
            drop(state);
            finish(runnable);
            let stop = enough();
            state = self.state.lock();
            if stop {
                break;
            }
        }
        if let Some(begun) = state.begun_by(own) {
            *begun -= 1;
        }
    }
}

/// Work that is done even if this is dropped.
pub(crate) struct InAnyCase<T>(Option<Task<T>>);

impl<T> Future for InAnyCase<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        self.0.as_mut().map_or(Poll::Pending, |task| Pin::new(task).poll(cx))
    }
}

impl<T> Drop for InAnyCase<T> {
    fn drop(&mut self) {
        if let Some(task) = self.0.take() {
            task.detach();
        }
    }
}

impl State {
    fn begun_by(&mut self, own: ThreadId) -> Option<&mut usize> {
        self.begun.iter_mut().find(|(thread, _)| *thread == own).map(|(_, begun)| begun)
    }
}

/// Does work; a panic is told to whoever waits for it, and if it comes from dropping it, to nobody.
fn finish(runnable: Runnable) {
    let _ = catch_unwind(AssertUnwindSafe(|| runnable.run()));
}

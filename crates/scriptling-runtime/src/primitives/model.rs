//! shuttle's primitives with the signatures of parking_lot's and rayon's, as far as this crate uses them.
//!
//! Time does not pass here: a timed wait for nothing ends at once and any other only by being notified. So a wake-up that
//! is lost is a deadlock, which shuttle reports, and not a delay that nobody sees.

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use shuttle::rand::Rng;

pub(crate) use shuttle::sync::atomic;
pub(crate) use shuttle::thread;

/// A lock that a panic does not poison.
#[derive(Default)]
pub(crate) struct Mutex<T>(shuttle::sync::Mutex<T>);

impl<T> Mutex<T> {
    pub(crate) fn new(value: T) -> Mutex<T> {
        Mutex(shuttle::sync::Mutex::new(value))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        MutexGuard(Some(self.0.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    pub(crate) fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        match self.0.try_lock() {
            Ok(guard) => Some(MutexGuard(Some(guard))),
            Err(std::sync::TryLockError::Poisoned(poisoned)) => Some(MutexGuard(Some(poisoned.into_inner()))),
            Err(std::sync::TryLockError::WouldBlock) => None,
        }
    }

    pub(crate) fn get_mut(&mut self) -> &mut T {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Empty only inside [`Condvar::wait`], whose original takes the guard by value.
pub(crate) struct MutexGuard<'a, T>(Option<shuttle::sync::MutexGuard<'a, T>>);

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect("it is locked outside of `wait`")
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().expect("it is locked outside of `wait`")
    }
}

/// A condition; never signalled without a notification.
#[derive(Default)]
pub(crate) struct Condvar(shuttle::sync::Condvar);

/// Why a timed wait ended.
pub(crate) struct WaitTimeoutResult(bool);

impl WaitTimeoutResult {
    pub(crate) fn timed_out(&self) -> bool {
        self.0
    }
}

impl Condvar {
    pub(crate) fn new() -> Condvar {
        Condvar::default()
    }

    pub(crate) fn notify_one(&self) {
        self.0.notify_one();
    }

    pub(crate) fn notify_all(&self) {
        self.0.notify_all();
    }

    pub(crate) fn wait<T>(&self, guard: &mut MutexGuard<'_, T>) {
        let locked = guard.0.take().expect("it is locked outside of `wait`");
        guard.0 = Some(self.0.wait(locked).unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn wait_for<T>(&self, guard: &mut MutexGuard<'_, T>, timeout: Duration) -> WaitTimeoutResult {
        if !timeout.is_zero() {
            self.wait(guard);
        }
        WaitTimeoutResult(timeout.is_zero())
    }

    pub(crate) fn wait_until<T>(&self, guard: &mut MutexGuard<'_, T>, end: std::time::Instant) -> WaitTimeoutResult {
        self.wait_for(guard, end.saturating_duration_since(std::time::Instant::now()))
    }
}

/// A moment since which any time may have passed.
pub(crate) struct Instant;

impl Instant {
    pub(crate) fn now() -> Instant {
        Instant
    }

    /// Nothing or an hour, as the schedule has it.
    #[allow(clippy::unused_self, reason = "the signature is std's")]
    pub(crate) fn elapsed(&self) -> Duration {
        Duration::from_secs(if shuttle::rand::thread_rng().gen_bool(0.5) { 3600 } else { 0 })
    }
}

/// A lock for many readers or one writer.
#[derive(Default)]
pub(crate) struct RwLock<T>(shuttle::sync::RwLock<T>);

impl<T> RwLock<T> {
    pub(crate) fn new(value: T) -> RwLock<T> {
        RwLock(shuttle::sync::RwLock::new(value))
    }

    pub(crate) fn read(&self) -> shuttle::sync::RwLockReadGuard<'_, T> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> shuttle::sync::RwLockWriteGuard<'_, T> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

type Job = Box<dyn FnOnce() + Send>;

/// What stands in for the pool of threads that may wait.
pub(crate) fn on_waiting_thread(work: impl FnOnce() + Send + 'static) {
    thread::spawn(work);
}

/// What stands in for rayon's pool: any thread takes the first job. rayon promises less (jobs of one thread in order), but
/// the jobs of this crate are all alike.
pub(crate) struct ThreadPool {
    jobs: Arc<Jobs>,
}

#[derive(Default)]
struct Jobs {
    queue: Mutex<JobQueue>,
    changed: Condvar,
}

#[derive(Default)]
struct JobQueue {
    jobs: VecDeque<Job>,
    workers: Vec<thread::ThreadId>,
    /// The pool is gone: the threads end when they have done what there is.
    closed: bool,
}

impl ThreadPool {
    pub(crate) fn spawn_fifo(&self, job: impl FnOnce() + Send + 'static) {
        self.jobs.queue.lock().jobs.push_back(Box::new(job));
        self.jobs.changed.notify_one();
    }

    pub(crate) fn current_thread_index(&self) -> Option<usize> {
        let own = thread::current().id();
        self.jobs.queue.lock().workers.iter().position(|&worker| worker == own)
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        self.jobs.queue.lock().closed = true;
        self.jobs.changed.notify_all();
    }
}

fn work(jobs: &Jobs) {
    loop {
        let mut queue = jobs.queue.lock();
        let job = loop {
            match queue.jobs.pop_front() {
                Some(job) => break job,
                None if queue.closed => return,
                None => jobs.changed.wait(&mut queue),
            }
        };
        drop(queue);
        job();
    }
}

/// Settings of a [`ThreadPool`].
#[derive(Default)]
pub(crate) struct ThreadPoolBuilder {
    threads: usize,
}

impl ThreadPoolBuilder {
    pub(crate) fn new() -> ThreadPoolBuilder {
        ThreadPoolBuilder::default()
    }

    pub(crate) fn num_threads(mut self, threads: usize) -> ThreadPoolBuilder {
        self.threads = threads;
        self
    }

    /// Threads are told apart by shuttle.
    pub(crate) fn thread_name(self, _name: impl FnMut(usize) -> String) -> ThreadPoolBuilder {
        self
    }

    /// All threads have the stack that the test asks for.
    pub(crate) fn stack_size(self, _bytes: usize) -> ThreadPoolBuilder {
        self
    }

    pub(crate) fn build(self) -> Result<ThreadPool, rayon::ThreadPoolBuildError> {
        let jobs = Arc::new(Jobs::default());
        let mut workers = Vec::new();
        for _ in 0..self.threads {
            let jobs = jobs.clone();
            workers.push(thread::spawn(move || work(&jobs)).thread().id());
        }
        // No job is there yet, so no thread has asked for its index.
        jobs.queue.lock().workers = workers;
        Ok(ThreadPool { jobs })
    }
}

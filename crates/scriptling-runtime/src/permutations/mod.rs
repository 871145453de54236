//! Permutation tests: this crate's own code under many orders of what its threads do, picked by shuttle from fixed seeds.
//!
//! A test is a function that starts threads; [`explore`] runs it again and again, and every operation of `primitives` is a
//! point where another thread may go on. Threads wait without timeouts and are woken by nothing but the code under test, so
//! a wake-up that is lost shows as a deadlock. A failure prints a schedule, which `shuttle::replay` repeats.
//!
//! Built with `--cfg shuttle` only: `.ci/permutations`.

mod caps;
mod counters;
mod groups;
mod locks;
mod queue;
mod schedules;
mod signals;
mod stores;
mod tasks;
mod timer;
mod turns;

use std::sync::Arc;
use std::task::{Poll, Wake, Waker};

use shuttle::scheduler::{PctScheduler, RandomScheduler};
use shuttle::{Config, Runner};

use crate::primitives::thread::{self, JoinHandle};
use crate::primitives::{Condvar, Mutex};
use crate::sync::{Owner, TaskId};

/// Any will do; fixed, so that a failure is one for everybody.
const SEED: u64 = 0x5eed;

/// Forced changes of thread in a schedule that otherwise runs by priority: bugs need few of them.
const DEPTH: usize = 3;

/// Schedules per test and strategy, where a schedule is short.
const RUNS: usize = 5000;

/// Isolates want more than shuttle's default for its threads.
const STACK: usize = 512 * 1024;

/// Runs a test under `runs` schedules that change threads at random, and as many that change them rarely.
fn explore(runs: usize, test: impl Fn() + Send + Sync + 'static) {
    let mut config = Config::new();
    config.stack_size = STACK;
    // That orderings are not modelled is known: see `primitives`.
    config.silence_warnings = true;
    let test = Arc::new(test);
    let again = test.clone();
    Runner::new(RandomScheduler::new_from_seed(SEED, runs), config.clone()).run(move || again());
    Runner::new(PctScheduler::new_from_seed(SEED, DEPTH, runs), config).run(move || test());
}

/// What a thread that polls sleeps on. Not `park`, which shuttle wakes without a reason: that would hide lost wake-ups.
#[derive(Default)]
struct Bell {
    rung: Mutex<bool>,
    changed: Condvar,
}

impl Bell {
    fn sleep(&self) {
        let mut rung = self.rung.lock();
        while !std::mem::take(&mut *rung) {
            self.changed.wait(&mut rung);
        }
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        *self.rung.lock() = true;
        self.changed.notify_one();
    }
}

/// Polls until it is ready, for what takes more than one step: a condition and then its lock.
fn settle<T>(mut poll: impl FnMut(&Waker) -> Poll<T>) -> T {
    let bell = Arc::new(Bell::default());
    let waker = Waker::from(bell.clone());
    loop {
        match poll(&waker) {
            Poll::Ready(result) => return result,
            Poll::Pending => bell.sleep(),
        }
    }
}

/// Polls until it is ready. Whoever is woken has got what it waited for, in nearly all of this crate.
fn wait<T>(mut poll: impl FnMut(&Waker) -> Poll<T>) -> T {
    let bell = Arc::new(Bell::default());
    let waker = Waker::from(bell.clone());
    if let Poll::Ready(result) = poll(&waker) {
        return result;
    }
    bell.sleep();
    match poll(&waker) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("woken for nothing"),
    }
}

/// A task with that number, as far as sync objects care.
fn owner(id: TaskId) -> Owner {
    Owner { id, name: "task".into() }
}

/// A thread of a test.
fn start<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    thread::spawn(body)
}

/// Their results, in order.
fn join<T>(threads: impl IntoIterator<Item = JoinHandle<T>>) -> Vec<T> {
    let threads: Vec<JoinHandle<T>> = threads.into_iter().collect();
    threads.into_iter().map(|thread| thread.join().expect("a panic has ended the test")).collect()
}

//! Deadlines: one ordered map of wakers, and one thread that sleeps until the first of them.
//!
//! The map is a plain structure over a [`Clock`], so tests fire it by hand; the thread exists only once somebody waits.
//! A [`Sleep`] that is dropped takes its entry out, so a cancelled wait costs nothing later.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::task::{Poll, Waker};
use std::time::Duration;

use crate::clock::Clock;
use crate::primitives::{Condvar, Mutex, thread};

/// Deadlines with their wakers; see the module documentation.
pub struct Timer {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    next: u64,
    /// By deadline, then by arrival.
    entries: BTreeMap<(Duration, u64), Waker>,
    has_thread: bool,
    stopped: bool,
}

impl Timer {
    /// A timer without a thread: [`Timer::fire`] must be called by hand, unless `start` is.
    pub fn new(clock: Arc<dyn Clock>) -> Timer {
        Timer { clock, state: Mutex::default(), changed: Condvar::new() }
    }

    /// A timer that never has a thread: only [`Timer::fire`] wakes anybody.
    pub(crate) fn without_thread(clock: Arc<dyn Clock>) -> Timer {
        let state = Mutex::new(State { has_thread: true, ..State::default() });
        Timer { clock, state, changed: Condvar::new() }
    }

    /// What the calendar says: time since 1970.
    pub fn wall(&self) -> Duration {
        self.clock.wall()
    }

    /// The first moment that somebody waits for.
    pub(crate) fn next(&self) -> Option<Duration> {
        self.state.lock().entries.first_key_value().map(|((deadline, _), _)| *deadline)
    }

    /// The clock's time.
    pub fn now(&self) -> Duration {
        self.clock.now()
    }

    /// Wakes everybody whose deadline has passed; how long until the next one.
    pub fn fire(&self) -> Option<Duration> {
        let now = self.now();
        let mut due = Vec::new();
        let mut state = self.state.lock();
        while let Some(entry) = state.entries.first_entry() {
            if entry.key().0 > now {
                break;
            }
            due.push(entry.remove());
        }
        let next = state.entries.first_key_value().map(|((deadline, _), _)| deadline.saturating_sub(now));
        drop(state);
        due.into_iter().for_each(Waker::wake);
        next
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.state.lock().entries.len()
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Ends the thread.
    pub fn stop(&self) {
        self.state.lock().stopped = true;
        self.changed.notify_all();
    }

    fn register(self: &Arc<Self>, deadline: Duration, waker: &Waker) -> (Duration, u64) {
        let mut state = self.state.lock();
        let key = (deadline, state.next);
        state.next += 1;
        let is_first = state.entries.first_key_value().is_none_or(|(first, _)| key < *first);
        state.entries.insert(key, waker.clone());
        let start = !state.has_thread && !state.stopped;
        state.has_thread |= start;
        drop(state);
        if start {
            self.start();
        } else if is_first {
            self.changed.notify_one();
        }
        key
    }

    /// Starts the thread. It holds the timer weakly between rounds, so that dropping the runtime ends it.
    fn start(self: &Arc<Self>) {
        let timer = Arc::downgrade(self);
        let spawned = thread::Builder::new().name("scriptling-timer".into()).spawn(move || run(&timer));
        if spawned.is_err() {
            // Out of threads: the next sleeper tries again.
            self.state.lock().has_thread = false;
        }
    }
}

/// The longest the thread sleeps without looking whether the timer still exists.
const MAX_NAP: Duration = Duration::from_secs(1);

fn run(timer: &Weak<Timer>) {
    while let Some(timer) = timer.upgrade() {
        let next = timer.fire();
        let mut state = timer.state.lock();
        if state.stopped {
            return;
        }
        let now = timer.clock.now();
        let first = state.entries.first_key_value().map(|((deadline, _), _)| deadline.saturating_sub(now));
        // Something may have been registered since `fire`.
        let nap = first.or(next).unwrap_or(MAX_NAP).min(MAX_NAP);
        if !nap.is_zero() {
            timer.changed.wait_for(&mut state, nap);
        }
    }
}

/// A wait for a moment; dropping it gives up.
pub struct Sleep {
    timer: Arc<Timer>,
    deadline: Duration,
    key: Option<(Duration, u64)>,
}

impl Sleep {
    /// Waits for `duration` from now. Durations beyond the clock's range never end.
    pub fn new(timer: Arc<Timer>, duration: Duration) -> Sleep {
        let deadline = timer.now().checked_add(duration).unwrap_or(Duration::MAX);
        Sleep { timer, deadline, key: None }
    }

    /// Waits for a moment of the timer's clock.
    pub fn until(timer: Arc<Timer>, deadline: Duration) -> Sleep {
        Sleep { timer, deadline, key: None }
    }

    /// Whether the moment has come.
    pub fn is_over(&self) -> bool {
        self.timer.now() >= self.deadline
    }

    /// Whether the moment has come; otherwise registers `waker`.
    pub fn poll(&mut self, waker: &Waker) -> Poll<()> {
        if self.is_over() {
            return Poll::Ready(());
        }
        if let Some(key) = self.key
            && let Some(known) = self.timer.state.lock().entries.get_mut(&key)
        {
            if !known.will_wake(waker) {
                known.clone_from(waker);
            }
            return Poll::Pending;
        }
        self.key = Some(self.timer.register(self.deadline, waker));
        Poll::Pending
    }
}

impl Sleep {
    /// Has `waker` woken when the moment has come, by whoever fires the timer: not by the caller, even if it has come.
    pub(crate) fn arm(&mut self, waker: &Waker) {
        if self.key.is_none() {
            self.key = Some(self.timer.register(self.deadline, waker));
        }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.timer.state.lock().entries.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    #[test]
    fn sleepers_are_woken_when_their_moment_has_come() {
        let clock = ManualClock::default();
        let timer = Arc::new(Timer::without_thread(Arc::new(clock.clone())));
        let mut sleeps: Vec<Sleep> = (1..=3).map(|n| Sleep::new(timer.clone(), Duration::from_secs(n))).collect();
        assert!(sleeps.iter_mut().all(|sleep| sleep.poll(Waker::noop()).is_pending()));
        assert_eq!(timer.fire(), Some(Duration::from_secs(1)));
        clock.advance(Duration::from_secs(2));
        assert_eq!((timer.fire(), timer.len()), (Some(Duration::from_secs(1)), 1));
        assert!(sleeps[1].poll(Waker::noop()).is_ready() && sleeps[2].poll(Waker::noop()).is_pending());
        sleeps.clear();
        assert!(timer.is_empty());
        assert!(Sleep::new(timer, Duration::ZERO).poll(Waker::noop()).is_ready());
    }

    #[test]
    fn the_thread_wakes_sleepers() {
        let timer = Arc::new(Timer::new(Arc::new(crate::clock::SystemClock::default())));
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        for millis in [20, 1, 5] {
            let mut sleep = Sleep::new(timer.clone(), Duration::from_millis(millis));
            while sleep.poll(&waker).is_pending() {
                thread::park();
            }
        }
    }

    struct Unpark(thread::Thread);

    impl std::task::Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
}

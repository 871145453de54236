//! The thread that removes what has expired and flushes what is due, in all stores of a runtime.
//!
//! Stores tell it of their earliest deadline; it sleeps until then and calls [`Store::sweep`], which says when to come back.
//! What has expired is invisible to everybody at once, so being late costs memory only, and the thread comes at most every
//! [`REST`].

use std::sync::{Arc, Weak};
use std::time::Duration;

use super::Store;
use crate::clock::Clock;
use crate::primitives::atomic::{AtomicU64, Ordering};
use crate::primitives::{Condvar, Mutex, thread};

/// The least time between two rounds.
const REST: Duration = Duration::from_millis(100);

/// The longest the thread sleeps without looking whether the runtime still exists.
const MAX_NAP: Duration = Duration::from_secs(1);

/// See the module documentation.
pub(crate) struct Sweeper {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    stores: Vec<Weak<dyn Store>>,
    /// When the next round is due.
    due: Option<Duration>,
    has_thread: bool,
    stopped: bool,
}

impl Sweeper {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Sweeper {
        Sweeper { clock, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Looks after a store from now on, for as long as it exists.
    pub(crate) fn add(&self, store: &Arc<dyn Store>) {
        let mut state = self.state.lock();
        state.stores.retain(|known| known.strong_count() > 0);
        state.stores.push(Arc::downgrade(store));
    }

    /// A round is due at this moment, if not before.
    pub(crate) fn wake_at(self: &Arc<Self>, moment: Duration) {
        let mut state = self.state.lock();
        if state.stopped || state.due.is_some_and(|due| due <= moment) {
            return;
        }
        state.due = Some(moment);
        let start = !state.has_thread;
        state.has_thread = true;
        drop(state);
        if !start {
            self.changed.notify_one();
            return;
        }
        let sweeper = Arc::downgrade(self);
        let spawned = thread::Builder::new().name("scriptling-kv".into()).spawn(move || run(&sweeper));
        if spawned.is_err() {
            // Out of threads: the next deadline tries again, and writes remove what has expired meanwhile.
            let mut state = self.state.lock();
            (state.has_thread, state.due) = (false, None);
        }
    }

    /// For tests: rounds are made by hand.
    #[cfg(test)]
    pub(crate) fn pretend_to_run(&self) {
        self.state.lock().has_thread = true;
    }

    /// For tests: when the next round is due.
    #[cfg(test)]
    pub(crate) fn due(&self) -> Option<Duration> {
        self.state.lock().due
    }

    /// For tests: what the thread does when a round is due.
    #[cfg(test)]
    pub(crate) fn run_round(self: &Arc<Self>) {
        self.state.lock().due = None;
        self.round();
    }

    /// Ends the thread.
    pub(crate) fn stop(&self) {
        self.state.lock().stopped = true;
        self.changed.notify_all();
    }

    /// One round through all stores.
    pub(crate) fn round(self: &Arc<Self>) {
        let stores: Vec<Arc<dyn Store>> = self.state.lock().stores.iter().filter_map(Weak::upgrade).collect();
        for next in stores.iter().filter_map(|store| store.sweep()) {
            self.wake_at(next.max(self.clock.now() + REST));
        }
    }
}

fn run(sweeper: &Weak<Sweeper>) {
    while let Some(sweeper) = sweeper.upgrade() {
        let mut state = sweeper.state.lock();
        if state.stopped {
            return;
        }
        let now = sweeper.clock.now();
        match state.due {
            Some(due) if due <= now => {
                state.due = None;
                drop(state);
                sweeper.round();
            }
            due => {
                let nap = due.map_or(MAX_NAP, |due| due.saturating_sub(now).min(MAX_NAP));
                sweeper.changed.wait_for(&mut state, nap);
            }
        }
    }
}

/// What a store knows of what its sweeper knows: so that most writes need not tell it anything.
pub(crate) struct Notice {
    sweeper: Option<Arc<Sweeper>>,
    /// The earliest deadline that the sweeper was told of, in nanoseconds.
    earliest: AtomicU64,
}

impl Notice {
    pub(crate) fn new(sweeper: Option<Arc<Sweeper>>) -> Notice {
        Notice { sweeper, earliest: AtomicU64::new(u64::MAX) }
    }

    /// There is an entry with this deadline (0: none).
    pub(crate) fn deadline(&self, deadline: u64) {
        if deadline == 0 || self.sweeper.is_none() {
            return;
        }
        if self.note(deadline)
            && let Some(sweeper) = &self.sweeper
        {
            // A grain late, so that what ends at about the same time goes in one round.
            sweeper.wake_at(Duration::from_nanos(deadline) + REST);
        }
    }

    /// The sweeper knows of this deadline; false if it knew of an earlier one.
    pub(crate) fn note(&self, deadline: u64) -> bool {
        deadline < self.earliest.fetch_min(deadline, Ordering::AcqRel)
    }

    /// A round begins: what comes from now on has to be told again.
    pub(crate) fn start_over(&self) {
        self.earliest.store(u64::MAX, Ordering::Release);
    }
}

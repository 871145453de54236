//! `Timer`: its thread does not sleep through a deadline that is registered meanwhile, and ends when it is told to.

use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use super::{RUNS, explore, join, start, wait};
use crate::clock::Clock;
use crate::primitives::atomic::{AtomicU64, Ordering};
use crate::timer::{Sleep, Timer};

/// A second passes with every look at it, so whoever looks twice sees that time goes on.
#[derive(Default)]
struct Ticking(AtomicU64);

impl Clock for Ticking {
    fn now(&self) -> Duration {
        Duration::from_secs(self.0.fetch_add(1, Ordering::SeqCst))
    }

    fn wall(&self) -> Duration {
        self.now()
    }
}

fn timer() -> Arc<Timer> {
    Arc::new(Timer::new(Arc::new(Ticking::default())))
}

/// So short that it is over when the timer's thread next looks, and so long that it is not when it is registered.
fn nap(timer: &Arc<Timer>) {
    let mut sleep = Sleep::new(timer.clone(), Duration::from_secs(2));
    wait(|waker| sleep.poll(waker));
}

#[test]
fn a_deadline_before_all_others_wakes_the_timers_thread() {
    explore(RUNS, || {
        let timer = timer();
        let mut long = Sleep::new(timer.clone(), Duration::from_secs(1_000_000));
        assert!(long.poll(Waker::noop()).is_pending());
        let naps = [(); 3].map(|()| {
            let timer = timer.clone();
            start(move || nap(&timer))
        });
        join(naps);
        assert_eq!(timer.len(), 1);
        drop(long);
        assert!(timer.is_empty());
        timer.stop();
    });
}

#[test]
fn a_cancelled_sleep_leaves_nothing_behind_and_takes_nobody_along() {
    explore(RUNS, || {
        let timer = timer();
        let napping = timer.clone();
        let napping = start(move || nap(&napping));
        let mut cancelled = Sleep::new(timer.clone(), Duration::from_secs(3));
        let _ = cancelled.poll(Waker::noop());
        drop(cancelled);
        join([napping]);
        assert!(timer.is_empty());
        timer.stop();
    });
}

//! The deterministic mode: a run that depends on the program and a number, its *seed*, and on nothing else.
//!
//! One thread, that of the host, runs everything ([`Pool::run_here`](crate::pool::Pool::run_here)), and a generator that the
//! seed starts decides what otherwise threads, load and luck decide:
//!
//! - which of the tasks that can run goes next, however long each has been waiting;
//! - after how much fuel it is interrupted: anything from one step to some thousands, short turns as often as long ones;
//! - jitter, and the pauses of `retry`.
//!
//! Time is counted and not measured. It passes as tasks use up fuel and with each look at the clock, so that no two looks are
//! the same and a busy loop that waits for a moment ends; and when nobody can run it jumps to the moment that somebody waits
//! for. So a schedule of months is over in seconds.
//!
//! What comes from outside of the program (files, other threads of the host, signals) comes when it comes. Time does not
//! jump while work on another thread is under way, so that no timeout is over before work had a chance to be done.

use std::sync::Arc;
use std::thread::{ThreadId, current};
use std::time::Duration;

use crate::clock::Clock;
use crate::primitives::Mutex;
use crate::primitives::atomic::{AtomicBool, AtomicUsize, Ordering};
use crate::timer::Timer;

/// What a look at the clock takes: what a float that counts seconds since 1970 can tell apart.
const LOOK: Duration = Duration::from_micros(1);

/// When the clock starts, since 1970: on the first of January 2020.
const START: Duration = Duration::from_hours(438_288);

/// What a step takes: somewhat more than in an optimized build, so that time limits end busy loops sooner.
const STEP_NANOS: u64 = 100;

/// Turns are up to twice two to the power of one less than this: about what an ordinary step is.
const LENGTHS: usize = 13;

/// The state of a deterministic runtime; see the module documentation.
pub(crate) struct Seeded {
    seed: u64,
    random: Mutex<Random>,
    clock: Counted,
    timer: Arc<Timer>,
    /// How much of what is waited for is being done on other threads.
    under_way: AtomicUsize,
    /// Whether a task's failure has been reported.
    reported: AtomicBool,
}

impl Seeded {
    pub(crate) fn new(seed: u64) -> Seeded {
        let clock = Counted::default();
        let timer = Arc::new(Timer::without_thread(Arc::new(clock.clone())));
        let random = Mutex::new(Random(seed));
        Seeded { seed, random, clock, timer, under_way: AtomicUsize::new(0), reported: AtomicBool::new(false) }
    }

    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(self.clock.clone())
    }

    /// From now on it is this thread that runs everything.
    pub(crate) fn drive_here(&self) {
        self.clock.0.lock().driver = Some(current().id());
    }

    pub(crate) fn timer(&self) -> Arc<Timer> {
        self.timer.clone()
    }

    /// Which one of `count` runs next.
    pub(crate) fn pick(&self, count: usize) -> usize {
        self.random.lock().below(count)
    }

    /// The fuel of a turn.
    pub(crate) fn fuel(&self) -> u64 {
        let mut random = self.random.lock();
        let least = 1 << random.below(LENGTHS);
        (least + random.below(least)) as u64
    }

    /// A number in `0..1`.
    pub(crate) fn chance(&self) -> f64 {
        self.random.lock().chance()
    }

    /// Lets the time pass that a turn takes.
    pub(crate) fn spend(&self, fuel: u64) {
        let mut time = self.clock.0.lock();
        time.now = time.now.saturating_add(Duration::from_nanos(fuel.saturating_mul(STEP_NANOS)));
    }

    /// Wakes those whose moment has come.
    pub(crate) fn fire(&self) {
        self.timer.fire();
    }

    /// Nobody can run: makes it the next moment that somebody waits for. False if there is none, or if something that is under
    /// way may come first.
    pub(crate) fn jump(&self) -> bool {
        if self.under_way.load(Ordering::SeqCst) > 0 {
            return false;
        }
        let Some(next) = self.timer.next() else { return false };
        let mut time = self.clock.0.lock();
        time.now = time.now.max(next);
        drop(time);
        self.timer.fire();
        true
    }

    /// A task's failure has been reported.
    pub(crate) fn note_report(&self) {
        self.reported.store(true, Ordering::SeqCst);
    }

    /// Whether a task's failure has been reported since the last call.
    pub(crate) fn take_reported(&self) -> bool {
        self.reported.swap(false, Ordering::SeqCst)
    }
}

/// The clock.
#[derive(Clone, Default)]
struct Counted(Arc<Mutex<Time>>);

#[derive(Default)]
struct Time {
    now: Duration,
    /// Whose looks take time: those of other threads come when they come.
    driver: Option<ThreadId>,
}

impl Clock for Counted {
    fn now(&self) -> Duration {
        let mut time = self.0.lock();
        if time.driver == Some(current().id()) {
            time.now = time.now.saturating_add(LOOK);
        }
        time.now
    }

    fn wall(&self) -> Duration {
        START.saturating_add(self.now())
    }
}

/// Work on another thread that a task waits for, while this exists.
pub(crate) struct UnderWay(Arc<Seeded>);

impl UnderWay {
    pub(crate) fn new(seeded: &Arc<Seeded>) -> UnderWay {
        seeded.under_way.fetch_add(1, Ordering::SeqCst);
        UnderWay(seeded.clone())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A SplitMix64 generator: small, and its numbers are the same for ever.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number less than `bound`, which is small against 2 to the power of 64.
    fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    fn chance(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;
    use crate::timer::Sleep;

    #[test]
    fn numbers_follow_from_the_seed() {
        let numbers = |seed| (0..20).map(|_| Seeded::new(seed).fuel()).collect::<Vec<_>>();
        assert_eq!(numbers(7), numbers(7));
        let seeded = Seeded::new(7);
        let fuel: Vec<u64> = (0..2000).map(|_| seeded.fuel()).collect();
        assert!(fuel.contains(&1) && fuel.iter().any(|fuel| *fuel > 4096) && fuel.iter().all(|fuel| *fuel < 8192));
        assert!((0..100).map(|_| seeded.chance()).all(|chance| (0.0..1.0).contains(&chance)));
    }

    #[test]
    fn time_jumps_to_the_next_moment_but_not_past_work_that_is_under_way() {
        let seeded = Arc::new(Seeded::new(1));
        assert!(!seeded.jump());
        let mut sleeps = [2, 1].map(|hours| Sleep::new(seeded.timer(), Duration::from_hours(hours)));
        assert!(sleeps.iter_mut().all(|sleep| sleep.poll(Waker::noop()).is_pending()));
        let work = UnderWay::new(&seeded);
        assert!(!seeded.jump());
        drop(work);
        assert!(seeded.jump());
        assert_eq!(seeded.clock.now(), Duration::from_hours(1));
        assert!(seeded.jump() && sleeps[0].poll(Waker::noop()).is_ready());
        assert!(!seeded.jump());
    }

    #[test]
    fn looking_at_the_clock_takes_time_on_the_thread_that_runs_the_tasks() {
        let seeded = Seeded::new(1);
        let clock = seeded.clock();
        assert_eq!(clock.now(), clock.now());
        seeded.drive_here();
        let first = clock.wall();
        assert!(first > START && clock.wall() > first);
        std::thread::scope(|scope| {
            scope.spawn(|| assert_eq!(clock.now(), clock.now()));
        });
    }
}

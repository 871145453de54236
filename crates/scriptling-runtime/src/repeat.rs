//! Schedules: functions that are started again and again, every so often or at times of the day.
//!
//! A schedule is no task, only a timer's entry: when it is due, it starts a run, which is a task like any other. Due times
//! follow from the first one, so they do not drift. A run that is due while too many others still go on is skipped and counted,
//! and so are due times that have passed unseen (a machine that slept). How a run ends changes nothing: a failure is reported
//! as that of any task nobody looks at.
//!
//! Schedules end with the main program, silently; a program that is to live for them waits for one.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Weak};
use std::task::{Poll, Wake, Waker};
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};
use scriptling_vm::portable::Portable;
use smol_str::SmolStr;

use crate::cron::Cron;
use crate::deadlock::Outside;
use crate::limits::TaskLimits;
use crate::primitives::Mutex;
use crate::runtime::Inner;
use crate::schedule::{self, Call, Start};
use crate::sync::{Ticket, Waiters, wake_all};
use crate::task::Task;
use crate::timer::Sleep;

/// The longest sleep of a schedule that follows the wall clock, which may be set while it sleeps.
const MAX_NAP: Duration = Duration::from_mins(1);

/// When a schedule is due.
pub(crate) enum Plan {
    /// Again after this time, each time up to `jitter` later.
    Every { period: Duration, jitter: Duration },
    /// When the clock on the wall says so.
    Cron(Cron),
}

/// A schedule; see the module documentation.
pub(crate) struct Schedule {
    number: u64,
    name: SmolStr,
    /// Weakly: what the runtime has by name, a queue for instance, may hold the schedule.
    runtime: Weak<Inner>,
    /// The task that made it: its limits are those of the runs.
    owner: Arc<Task>,
    plan: Plan,
    function: Portable,
    args: Vec<Portable>,
    max_overlap: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Until it ends.
    alive: Option<Alive>,
    at_work: usize,
    runs: u64,
    skipped: u64,
    waiters: Waiters,
}

struct Alive {
    sleep: Sleep,
    /// On the timer's clock, without jitter.
    due: Duration,
    /// By the wall clock, if that is what it follows.
    on_wall: Option<Zoned>,
    /// Its runs may do anything, so nobody waits in vain.
    _outside: Outside,
}

/// The schedules that a runtime has.
#[derive(Default)]
pub(crate) struct Schedules {
    state: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    next: u64,
    alive: BTreeMap<u64, Arc<Schedule>>,
}

impl Schedules {
    /// Ends all.
    pub(crate) fn end(&self) {
        let all = std::mem::take(&mut self.state.lock().alive);
        all.values().for_each(|schedule| schedule.end());
    }
}

/// A number in `0..1` that nobody needs to be able to repeat.
pub(crate) fn chance() -> f64 {
    (RandomState::new().hash_one(0) >> 11) as f64 / (1_u64 << 53) as f64
}

impl Schedule {
    /// Starts a schedule of calls of `function` on behalf of `owner`.
    pub(crate) fn start(
        runtime: &Arc<Inner>,
        owner: Arc<Task>,
        name: SmolStr,
        plan: Plan,
        (function, args): (Portable, Vec<Portable>),
        max_overlap: usize,
    ) -> Arc<Schedule> {
        let mut known = runtime.schedules.state.lock();
        let number = known.next;
        known.next += 1;
        let weak = Arc::downgrade(runtime);
        let state = Mutex::default();
        let schedule =
            Arc::new(Schedule { number, name, runtime: weak, owner, plan, function, args, max_overlap, state });
        known.alive.insert(number, schedule.clone());
        drop(known);
        let mut state = schedule.state.lock();
        state.alive = schedule.first(runtime);
        schedule.register(&mut state);
        drop(state);
        schedule
    }

    fn first(&self, runtime: &Arc<Inner>) -> Option<Alive> {
        let outside = Outside::new(runtime);
        let now = runtime.timer.now();
        match &self.plan {
            Plan::Every { period, .. } => Some(self.alive(runtime, now.saturating_add(*period), None, outside)),
            Plan::Cron(cron) => {
                let wall = wall(runtime);
                let next = cron.next(&wall)?;
                Some(self.alive(runtime, now.saturating_add(until(&wall, &next)), Some(next), outside))
            }
        }
    }

    fn alive(&self, runtime: &Inner, due: Duration, on_wall: Option<Zoned>, outside: Outside) -> Alive {
        let at = match &self.plan {
            Plan::Every { jitter, .. } if !jitter.is_zero() => due.saturating_add(jitter.mul_f64(runtime.chance())),
            Plan::Every { .. } => due,
            // Nobody sets a clock that is counted.
            Plan::Cron(_) if runtime.seeded.is_some() => due,
            Plan::Cron(_) => due.min(runtime.timer.now().saturating_add(MAX_NAP)),
        };
        let sleep = Sleep::until(runtime.timer.clone(), at);
        Alive { sleep, due, on_wall, _outside: outside }
    }

    /// Starts a run if one is due, and waits for the next.
    fn turn(self: &Arc<Self>) {
        let Some(runtime) = &self.runtime.upgrade() else { return };
        let mut state = self.state.lock();
        let Some(alive) = state.alive.take() else { return };
        let now = runtime.timer.now();
        if !alive.sleep.is_over() {
            state.alive = Some(alive);
            return self.register(&mut state);
        }
        let mut due = true;
        let mut missed = 0;
        let Alive { sleep, due: moment, on_wall, _outside: outside } = alive;
        // Not before: it would take its entry out of the timer.
        drop(sleep);
        state.alive = match (&self.plan, on_wall) {
            (Plan::Cron(cron), Some(planned)) => {
                let wall = wall(runtime);
                due = wall >= planned;
                let next = if due { cron.next(&wall) } else { Some(planned) };
                next.map(|next| self.alive(runtime, now.saturating_add(until(&wall, &next)), Some(next), outside))
            }
            (Plan::Every { period, .. }, _) => {
                let (next, passed) = after(moment, *period, now);
                missed = passed;
                Some(self.alive(runtime, next, None, outside))
            }
            (Plan::Cron(_), None) => None,
        };
        let runs = due && state.at_work < self.max_overlap;
        state.at_work += usize::from(runs);
        state.runs += u64::from(runs);
        state.skipped += missed + u64::from(due && !runs);
        self.register(&mut state);
        let ended = state.alive.is_none();
        // Under the lock: whoever cancels the schedule then knows that nothing more starts.
        let run = runs.then(|| self.run(runtime));
        drop(state);
        if ended {
            // The calendar has no more such times.
            self.cancel();
        }
        let at_end = Arc::new(RunEnded(self.clone()));
        if run.is_some_and(|run| run.on_end(&Waker::from(at_end.clone())).is_none()) {
            at_end.wake();
        }
    }

    /// Registers with the timer. The next turn is the timer's even if it is due already: one that is due all the time would
    /// not come to an end here.
    fn register(self: &Arc<Self>, state: &mut State) {
        let waker = Waker::from(self.clone());
        state.alive.iter_mut().for_each(|alive| alive.sleep.arm(&waker));
    }

    fn run(&self, runtime: &Arc<Inner>) -> Arc<Task> {
        let call = Call { function: self.function.clone(), args: self.args.clone(), kwargs: Vec::new() };
        let bounds = runtime.bounds(TaskLimits::default(), &self.owner);
        schedule::spawn(runtime, self.name.clone(), Start::Call(Box::new(call)), bounds)
    }

    fn end(&self) {
        let mut state = self.state.lock();
        let alive = state.alive.take();
        let wakers = state.waiters.pop_all();
        drop(state);
        drop(alive);
        wake_all(wakers);
    }

    /// Ends it; runs that are under way go on. False if it had ended.
    pub(crate) fn cancel(&self) -> bool {
        let runtime = self.runtime.upgrade();
        let known = runtime.and_then(|runtime| runtime.schedules.state.lock().alive.remove(&self.number));
        self.end();
        known.is_some()
    }

    /// Whether it has ended.
    pub(crate) fn has_ended(&self) -> bool {
        self.state.lock().alive.is_none()
    }

    /// Its name.
    pub(crate) fn name(&self) -> &SmolStr {
        &self.name
    }

    /// How many runs were started, and how many were skipped.
    pub(crate) fn counts(&self) -> (u64, u64) {
        let state = self.state.lock();
        (state.runs, state.skipped)
    }
}

/// What the clock on the wall says.
fn wall(runtime: &Inner) -> Zoned {
    let since_1970 = SignedDuration::try_from(runtime.timer.wall()).unwrap_or(SignedDuration::MAX);
    Timestamp::from_duration(since_1970).unwrap_or(Timestamp::MAX).to_zoned(TimeZone::system())
}

/// The first due time after `now`, and how many have been missed in between.
fn after(due: Duration, period: Duration, now: Duration) -> (Duration, u64) {
    let passed = now.saturating_sub(due).as_nanos() / period.as_nanos().max(1);
    let passed = u32::try_from(passed).unwrap_or(u32::MAX - 1);
    (due.saturating_add(period.saturating_mul(passed + 1)), passed.into())
}

/// How long it is until then.
fn until(now: &Zoned, then: &Zoned) -> Duration {
    Duration::try_from(now.duration_until(then)).unwrap_or_default()
}

impl Wake for Schedule {
    fn wake(self: Arc<Self>) {
        self.turn();
    }
}

struct RunEnded(Arc<Schedule>);

impl Wake for RunEnded {
    fn wake(self: Arc<Self>) {
        self.0.state.lock().at_work -= 1;
    }
}

/// A wait for a schedule's end; dropping it gives up.
pub(crate) struct End {
    schedule: Arc<Schedule>,
    ticket: Option<Ticket>,
}

impl End {
    pub(crate) fn new(schedule: Arc<Schedule>) -> End {
        End { schedule, ticket: None }
    }

    /// Whether it has ended; otherwise registers `waker`.
    pub(crate) fn poll(&mut self, waker: &Waker) -> Poll<()> {
        let mut state = self.schedule.state.lock();
        if state.alive.is_none() {
            self.ticket = None;
            return Poll::Ready(());
        }
        match self.ticket {
            Some(ticket) if state.waiters.still_waits(ticket, waker) => {}
            _ => self.ticket = Some(state.waiters.park(waker)),
        }
        Poll::Pending
    }
}

impl Drop for End {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.schedule.state.lock().waiters.remove(ticket);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_times_do_not_drift_and_missed_ones_are_counted() {
        let millis = Duration::from_millis;
        assert_eq!(after(millis(100), millis(10), millis(100)), (millis(110), 0));
        assert_eq!(after(millis(100), millis(10), millis(109)), (millis(110), 0));
        assert_eq!(after(millis(100), millis(10), millis(135)), (millis(140), 3));
    }

    #[test]
    fn chances_differ() {
        let some: Vec<f64> = (0..20).map(|_| chance()).collect();
        assert!(some.iter().all(|chance| (0.0..1.0).contains(chance)));
        assert!(some.iter().any(|chance| *chance != some[0]));
    }
}

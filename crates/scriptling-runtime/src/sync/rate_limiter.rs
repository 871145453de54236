//! `RateLimiter`: a bucket of tokens that fills at a steady rate, and tasks that take some, in order of arrival.
//!
//! The first in the line holds the turn and sleeps until the bucket has what it wants; the others only wait for their turn.
//! Who gives up passes the turn on and has taken nothing. Who has a deadline gives up as soon as it is certain that the tokens
//! will not be there in time: when they would be too late even if all others in the line gave up.
//!
//! The bucket is one number: the moment at which it will be full. Taking a token moves that moment by the time that a token
//! takes to come; a request has to wait while it would be further away than a whole bucket takes. In units so small that
//! nothing is rounded that anybody could measure, and never added up: no drift.

use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;

use super::turn::{Denied, Turn};
use super::waiters::{Ticket, wake_all};
use super::{Label, Object, Owner, Waiting};
use crate::primitives::Mutex;
use crate::timer::{Sleep, Timer};

/// Attoseconds in a nanosecond.
const UNIT: u128 = 1_000_000_000;

/// A rate limiter; see the module documentation.
pub struct RateLimiter {
    label: Label,
    rate: f64,
    timer: Arc<Timer>,
    state: Mutex<State>,
}

struct State {
    turn: Turn,
    bucket: Bucket,
    /// Wakes the task whose turn it is, while it sleeps.
    first: Option<Waker>,
}

/// Why tokens are not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotTaken {
    /// There is no turn.
    Denied(Denied),
    /// They cannot be there before the deadline.
    TooLate,
}

/// Times in attoseconds.
#[derive(Clone, Copy)]
struct Bucket {
    interval: u128,
    burst: u64,
    full_at: u128,
}

impl Bucket {
    /// Takes `n` tokens, or says when they will be there.
    fn take(&mut self, n: u64, now: Duration) -> Result<(), Duration> {
        let now = now.as_nanos() * UNIT;
        let full_at = self.full_at.max(now) + u128::from(n) * self.interval;
        let whole = u128::from(self.burst) * self.interval;
        if full_at <= now + whole {
            self.full_at = full_at;
            return Ok(());
        }
        let nanos = (full_at - whole).div_ceil(UNIT);
        Err(Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX)))
    }

    /// How many could be taken.
    fn tokens(&self, now: Duration) -> u64 {
        let missing = self.full_at.saturating_sub(now.as_nanos() * UNIT).div_ceil(self.interval);
        self.burst.saturating_sub(u64::try_from(missing).unwrap_or(u64::MAX))
    }
}

impl RateLimiter {
    /// The slowest and the fastest rates that the arithmetic is good for.
    pub const RATES: std::ops::RangeInclusive<f64> = 1e-6..=1e9;

    /// The largest bucket.
    pub const MAX_BURST: u64 = 1_000_000_000;

    /// A full bucket of `burst` tokens, to which `rate` are added each second. Both must be in their ranges.
    pub fn new(label: Label, rate: f64, burst: u64, timer: Arc<Timer>) -> RateLimiter {
        let interval = (1e18 / rate.clamp(*Self::RATES.start(), *Self::RATES.end())) as u128;
        let bucket = Bucket { interval, burst: burst.clamp(1, Self::MAX_BURST), full_at: 0 };
        RateLimiter { label, rate, timer, state: Mutex::new(State { turn: Turn::default(), bucket, first: None }) }
    }

    /// Tokens per second.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// The most tokens that there are at once.
    pub fn burst(&self) -> u64 {
        self.state.lock().bucket.burst
    }

    /// How many tokens there are.
    pub fn tokens(&self) -> u64 {
        self.state.lock().bucket.tokens(self.timer.now())
    }

    /// Takes `n` tokens if they are there and nobody waits for some.
    pub fn try_take(&self, n: u64) -> bool {
        let mut state = self.state.lock();
        !state.turn.is_taken() && state.bucket.take(n, self.timer.now()).is_ok()
    }
}

impl Object for RateLimiter {
    fn label(&self) -> &Label {
        &self.label
    }

    fn delete(&self) {
        self.label.mark_deleted();
        let mut state = self.state.lock();
        let mut wakers = state.turn.delete();
        wakers.extend(state.first.take());
        drop(state);
        wake_all(wakers);
    }
}

/// A wait for tokens.
pub struct Take {
    limiter: Arc<RateLimiter>,
    owner: Owner,
    n: u64,
    deadline: Option<Duration>,
    ticket: Option<Ticket>,
    has_turn: bool,
    sleep: Option<Box<Sleep>>,
}

impl Take {
    /// Asks for `n` tokens, at most a bucket of them.
    pub fn new(limiter: Arc<RateLimiter>, owner: Owner, n: u64) -> Take {
        Take { limiter, owner, n, deadline: None, ticket: None, has_turn: false, sleep: None }
    }

    /// Gives up once it is certain that it will take longer than this.
    #[must_use]
    pub fn within(mut self, timeout: Option<Duration>) -> Take {
        self.deadline = timeout.map(|timeout| self.limiter.timer.now().saturating_add(timeout));
        self
    }

    /// Whether the tokens cannot be there in time, whatever the others do.
    fn is_too_late(&self, bucket: Bucket, now: Duration) -> bool {
        let mut after_all = bucket;
        self.deadline.is_some_and(|deadline| after_all.take(self.n, now).is_err_and(|when| when > deadline))
    }
}

impl Waiting for Take {
    type Output = Result<(), NotTaken>;

    fn only_tasks(&self) -> bool {
        false
    }

    fn poll(&mut self, waker: &Waker) -> Poll<Result<(), NotTaken>> {
        loop {
            let mut state = self.limiter.state.lock();
            let now = self.limiter.timer.now();
            if !self.limiter.label.is_deleted() && self.is_too_late(state.bucket, now) {
                return Poll::Ready(Err(NotTaken::TooLate));
            }
            if !self.has_turn {
                match state.turn.poll(&mut self.ticket, &self.owner, waker) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Err(denied)) => return Poll::Ready(Err(NotTaken::Denied(denied))),
                    Poll::Ready(Ok(())) => self.has_turn = true,
                }
            }
            if self.limiter.label.is_deleted() {
                return Poll::Ready(Err(NotTaken::Denied(Denied::Deleted)));
            }
            state.first = None;
            let Err(when) = state.bucket.take(self.n, now) else {
                self.has_turn = false;
                let next = state.turn.pass_on();
                drop(state);
                wake_all(next);
                return Poll::Ready(Ok(()));
            };
            state.first = Some(waker.clone());
            drop(state);
            let nap = || Box::new(Sleep::new(self.limiter.timer.clone(), when.saturating_sub(now)));
            let sleep = self.sleep.get_or_insert_with(nap);
            if sleep.poll(waker).is_pending() {
                return Poll::Pending;
            }
            self.sleep = None;
        }
    }

    fn describe(&self) -> String {
        let label = &self.limiter.label;
        if self.n == 1 { label.to_string() } else { format!("{label} ({} tokens)", self.n) }
    }
}

impl Drop for Take {
    fn drop(&mut self) {
        if self.ticket.is_none() && !self.has_turn {
            return;
        }
        let mut state = self.limiter.state.lock();
        let waker = if self.has_turn {
            state.first = None;
            state.turn.pass_on()
        } else {
            state.turn.give_up(&mut self.ticket)
        };
        drop(state);
        wake_all(waker);
    }
}

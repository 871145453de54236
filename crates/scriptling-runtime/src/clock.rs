//! Time as the runtime sees it: a trait, so that tests move it by hand.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use crate::primitives::Mutex;

/// A monotonic clock, and what the calendar says.
pub trait Clock: Send + Sync {
    /// Time since some fixed moment; never goes back.
    fn now(&self) -> Duration;

    /// Time since 1970. For what outlives the process; somebody may set it.
    fn wall(&self) -> Duration;
}

/// The system's monotonic clock.
pub struct SystemClock {
    start: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        SystemClock { start: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn wall(&self) -> Duration {
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
    }
}

/// A clock that stands still until it is moved.
#[derive(Clone, Default)]
pub struct ManualClock {
    now: Arc<Mutex<Duration>>,
}

impl ManualClock {
    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        *self.now.lock() += by;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Duration {
        *self.now.lock()
    }

    /// As if it had started on the first of January 2020.
    fn wall(&self) -> Duration {
        Duration::from_hours(438_300) + self.now()
    }
}

//! What a task may use: asked for by scripts (`runtime.Limits`), capped by the host and by the task that starts it.
//!
//! A task without limits of its own carries none of this: the runtime's are in force. One that has some hands them on to
//! the tasks it starts, which may have less and not more, so that starting a task is no way out of a limit.

use std::time::Duration;

use scriptling_vm::isolate::Limits;

/// Limits of a task; what is `None` is left to whoever sets the others.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct TaskLimits {
    /// How long it may take, from the moment it is started.
    pub time: Option<Duration>,
    /// Backward jumps and calls.
    pub fuel: Option<u64>,
    /// Bytes of heap.
    pub memory: Option<usize>,
    /// Calls within calls.
    pub depth: Option<usize>,
}

fn least<T: Ord>(left: Option<T>, right: Option<T>) -> Option<T> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(right)),
        (left, right) => left.or(right),
    }
}

impl TaskLimits {
    /// The lower of each.
    #[must_use]
    pub fn within(self, other: TaskLimits) -> TaskLimits {
        TaskLimits {
            time: least(self.time, other.time),
            fuel: least(self.fuel, other.fuel),
            memory: least(self.memory, other.memory),
            depth: least(self.depth, other.depth),
        }
    }

    /// Those of an isolate that may have `limits` otherwise.
    pub(crate) fn of_isolate(self, limits: Limits) -> Limits {
        Limits {
            memory: self.memory.map_or(limits.memory, |memory| memory.min(limits.memory)),
            call_depth: self.depth.map_or(limits.call_depth, |depth| depth.min(limits.call_depth)),
            fuel: self.fuel.map_or(limits.fuel, |fuel| fuel.min(limits.fuel)),
        }
    }
}

/// The limits that a task has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) limits: TaskLimits,
    /// When its time is over, on the timer's clock.
    pub(crate) until: Option<Duration>,
}

impl Bounds {
    /// Those of a task that is started now with `asked` by one that has `outer`; `None` if nothing is limited.
    pub(crate) fn new(asked: TaskLimits, outer: Option<&Bounds>, now: Duration) -> Option<Bounds> {
        let limits = outer.map_or(asked, |outer| asked.within(outer.limits));
        let own = asked.time.map(|time| now.saturating_add(time));
        let until = least(own, outer.and_then(|outer| outer.until));
        (limits != TaskLimits::default()).then_some(Bounds { limits, until })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_may_have_less_than_the_one_that_starts_it_and_not_more() {
        let seconds = Duration::from_secs;
        let asked = TaskLimits { time: Some(seconds(10)), fuel: Some(100), ..TaskLimits::default() };
        let outer = Bounds::new(asked, None, seconds(1)).expect("it is limited");
        assert_eq!(outer.until, Some(seconds(11)));
        let more = TaskLimits { time: Some(seconds(20)), fuel: Some(50), memory: Some(7), depth: None };
        let inner = Bounds::new(more, Some(&outer), seconds(5)).expect("it is limited");
        assert_eq!((inner.until, inner.limits.fuel, inner.limits.memory), (Some(seconds(11)), Some(50), Some(7)));
        let inherited = Bounds::new(TaskLimits::default(), Some(&inner), seconds(6)).expect("it is limited");
        assert_eq!((inherited.until, inherited.limits), (inner.until, inner.limits));
        assert!(Bounds::new(TaskLimits::default(), None, seconds(6)).is_none());
    }
}

//! `time`: clocks and sleeping. A task that sleeps is parked and holds no thread.

use std::task::{Poll, Waker};

use scriptling_vm::error::Raise;
use scriptling_vm::native::{Cx, FromValue, ModuleBuilder, NativeModule, NativeResult, Outcome, Wait};
use scriptling_vm::value::Value;

use super::runtime_of;
use crate::timer::Sleep;

/// The module.
pub(super) struct Time;

impl NativeModule for Time {
    fn name(&self) -> &'static str {
        "time"
    }

    fn doc(&self) -> &'static str {
        "Clocks and sleeping."
    }

    fn define(&self, module: &mut ModuleBuilder<'_>) {
        module
            .raw("sleep(seconds, /)", "Park this task for a number of seconds.", sleep)
            .raw("time()", "Seconds since 1970, as a float.", |cx, _| float(runtime_of(cx)?.timer.wall().as_secs_f64()))
            .raw("time_ns()", "Nanoseconds since 1970.", |cx, _| {
                let nanos = runtime_of(cx)?.timer.wall().as_nanos();
                Ok(Outcome::Return(cx.int(nanos)))
            })
            .raw("monotonic()", "Seconds on a clock that never goes back.", seconds)
            .raw("monotonic_ns()", "Nanoseconds on a clock that never goes back.", nanoseconds)
            .raw("perf_counter()", "Seconds on the most precise clock.", seconds)
            .raw("perf_counter_ns()", "Nanoseconds on the most precise clock.", nanoseconds);
    }
}

fn float(value: f64) -> NativeResult {
    Ok(Outcome::Return(Value::float(value)))
}

fn seconds(cx: &mut Cx<'_>, _args: &[Value]) -> NativeResult {
    float(runtime_of(cx)?.timer.now().as_secs_f64())
}

fn nanoseconds(cx: &mut Cx<'_>, _args: &[Value]) -> NativeResult {
    let nanos = runtime_of(cx)?.timer.now().as_nanos();
    Ok(Outcome::Return(cx.int(nanos)))
}

/// `sleep(seconds)`, of this module and of `scriptling.runtime`.
pub(super) fn sleep(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let Some(seconds) = f64::from_value(cx, args[0])? else {
        let found = cx.type_name(args[0]);
        return Err(Raise::type_error(format!("'{found}' object cannot be interpreted as an integer")));
    };
    if seconds.is_nan() {
        return Err(Raise::value_error("Invalid value NaN (not a number)"));
    }
    if seconds < 0.0 {
        return Err(Raise::value_error("sleep length must be non-negative"));
    }
    let Ok(duration) = std::time::Duration::try_from_secs_f64(seconds) else {
        return Err(Raise::overflow_error("timestamp too large to convert to C _PyTime_t"));
    };
    let sleep = Sleep::new(runtime_of(cx)?.timer.clone(), duration);
    Ok(Outcome::Wait(Box::new(Sleeping { sleep, yielded: !duration.is_zero() })))
}

struct Sleeping {
    sleep: Sleep,
    /// `sleep(0)` lets the others run once.
    yielded: bool,
}

impl Wait for Sleeping {
    fn poll(&mut self, _cx: &mut Cx<'_>, waker: &Waker) -> Poll<NativeResult> {
        if !std::mem::replace(&mut self.yielded, true) {
            waker.wake_by_ref();
            return Poll::Pending;
        }
        self.sleep.poll(waker).map(|()| Ok(Outcome::Return(Value::NONE)))
    }

    fn describe(&self) -> String {
        String::from("sleep")
    }
}

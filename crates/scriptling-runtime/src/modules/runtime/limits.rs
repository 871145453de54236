//! `Limits`: what a script asks a task to be limited to.

use std::sync::Arc;
use std::time::Duration;

use scriptling_vm::error::Raise;
use scriptling_vm::native::{Cx, FromValue, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::portable::HostHandle;
use scriptling_vm::value::Value;

use super::super::{host_object, receiver, seconds};
use super::MODULE;
use crate::limits::TaskLimits;

/// The least memory that a task can start with.
const LEAST_MEMORY: i64 = 1 << 16;

impl HostHandle for TaskLimits {
    fn class(&self) -> (&'static str, &'static str) {
        (MODULE, "Limits")
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    module
        .class(
            "Limits",
            "Limits of a task, passed as limits=: seconds (TimeLimitExceeded), fuel, that is loop turns and calls \
             (FuelExhausted), bytes of memory (MemoryError), and depth of calls (RecursionError).",
        )
        .raw_static("__new__(cls, *, seconds=None, fuel=None, memory=None, depth=None)", "Limits of a task.", new)
        .raw("__repr__(self, /)", "", repr)
        .finish();
}

/// The limits, if the value is a `Limits`.
pub(super) fn limits_of(cx: &Cx<'_>, value: Value) -> Option<TaskLimits> {
    receiver::<TaskLimits>(cx, value, "Limits").ok().map(|limits| *limits)
}

fn number(cx: &mut Cx<'_>, value: Value, what: &str, least: i64) -> Result<Option<i64>, Raise> {
    if value.is_none() {
        return Ok(None);
    }
    match i64::from_value(cx, value)? {
        Some(number) if number >= least => Ok(Some(number)),
        Some(_) => Err(Raise::value_error(format!("{what} must be at least {least}"))),
        None => Err(Raise::type_error(format!("{what} must be an int or None, not {}", cx.type_name(value)))),
    }
}

fn new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let time = seconds(cx, args[1], "seconds")?;
    if time.is_some_and(|time| time.is_zero()) {
        return Err(Raise::value_error("seconds must be more than 0"));
    }
    let limits = TaskLimits {
        time,
        fuel: number(cx, args[2], "fuel", 1)?.map(|fuel| fuel as u64),
        memory: number(cx, args[3], "memory", LEAST_MEMORY)?.map(|memory| memory as usize),
        depth: number(cx, args[4], "depth", 1)?.map(|depth| depth as usize),
    };
    host_object(cx, args[0], Arc::new(limits))
}

fn repr(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let limits = receiver::<TaskLimits>(cx, args[0], "Limits")?;
    let parts = [
        limits.time.as_ref().map(Duration::as_secs_f64).map(|time| format!("seconds={time}")),
        limits.fuel.map(|fuel| format!("fuel={fuel}")),
        limits.memory.map(|memory| format!("memory={memory}")),
        limits.depth.map(|depth| format!("depth={depth}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    Ok(Outcome::Return(cx.str(format!("Limits({})", parts.join(", ")))))
}

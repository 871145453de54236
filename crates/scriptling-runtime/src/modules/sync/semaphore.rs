//! `Semaphore` for scripts.

use scriptling_vm::error::Raise;
use scriptling_vm::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::value::Value;

use super::{
    bool, common, count, deleted, get_or_create, handle, hold, host_object, let_go, none, optional, park, repr, same,
    seconds, using,
};
use crate::sync::{AcquirePermits, Kind, Object, Semaphore};

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    let class = module
        .class(
            "Semaphore",
            "A number of permits (without permits: 1) that tasks take and give back; any task may. If it is bounded, there \
             are never more than in the beginning. A permit taken by with is given back when its task ends, one taken by \
             acquire() is not: another task may be meant to release it.",
        )
        .raw_static(
            "__new__(cls, name, permits=None, bounded=None)",
            "Get or create the semaphore of that name.",
            new,
        )
        .raw("acquire(self, /, n=1, timeout=None)", "Wait until n permits are free and take them; returns True.", acquire)
        .raw("try_acquire(self, /, n=1)", "Take n permits if they are free and nobody waits; whether it did.", |cx, args| {
            let semaphore = using::<Semaphore>(cx, args[0])?;
            let n = permits(cx, &semaphore, args[1])?;
            bool(semaphore.try_acquire(n))
        })
        .raw("release(self, /, n=1)", "Give n permits back.", |cx, args| {
            let semaphore = handle::<Semaphore>(cx, args[0])?;
            let n = count(cx, args[1], "n", 1)?;
            release(&semaphore, n)
        })
        .raw("available(self, /)", "How many permits are free.", |cx, args| {
            let free = using::<Semaphore>(cx, args[0])?.available();
            Ok(Outcome::Return(cx.int(free)))
        })
        .raw("__enter__(self, /)", "", |cx, args| {
            let semaphore = using::<Semaphore>(cx, args[0])?;
            let itself = cx.keep(args[0]);
            park(cx, None, AcquirePermits::new(semaphore.clone(), 1), move |cx, result| match result {
                Ok(()) => {
                    hold(cx, semaphore)?;
                    Ok(Outcome::Return(cx.kept(itself)))
                }
                Err(_) => Err(deleted(cx, semaphore.label())),
            })
        })
        .raw("__exit__(self, type, value, traceback, /)", "", |cx, args| {
            let semaphore = handle::<Semaphore>(cx, args[0])?;
            let_go(cx, &*semaphore)?;
            release(&semaphore, 1)?;
            bool(false)
        })
        .raw("__repr__(self, /)", "", |cx, args| {
            let semaphore = handle::<Semaphore>(cx, args[0])?;
            let (name, free) = (semaphore.label().name(), semaphore.available());
            repr(cx, &format!("<Semaphore '{name}' available={free} permits={}>", semaphore.permits()))
        });
    common::<Semaphore>(class).finish();
}

fn new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let permits = optional(cx, args[2], |cx, value| count(cx, value, "permits", 0))?;
    let bounded = optional(cx, args[3], |cx, value| {
        let found = || format!("bounded must be a bool, not {}", cx.type_name(value));
        value.as_bool().ok_or_else(|| Raise::type_error(found()))
    })?;
    let semaphore = get_or_create(cx, Kind::Semaphore, args[1], |_, label| {
        Ok(Semaphore::new(label, permits.unwrap_or(1), bounded.unwrap_or(false)))
    })?;
    same(semaphore.label(), "permits", semaphore.permits(), permits)?;
    let shown = |bounded| if bounded { "True" } else { "False" };
    same(semaphore.label(), "bounded", shown(semaphore.is_bounded()), bounded.map(shown))?;
    host_object(cx, args[0], semaphore)
}

/// How many permits are asked for.
fn permits(cx: &mut Cx<'_>, semaphore: &Semaphore, value: Value) -> Result<u64, Raise> {
    let n = count(cx, value, "n", 1)?;
    if semaphore.is_bounded() && n > semaphore.permits() {
        let (label, most) = (semaphore.label(), semaphore.permits());
        return Err(Raise::value_error(format!("{label} never has {n} permits: it is bounded to {most}")));
    }
    Ok(n)
}

fn acquire(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let semaphore = using::<Semaphore>(cx, args[0])?;
    let n = permits(cx, &semaphore, args[1])?;
    let timeout = seconds(cx, args[2], "timeout")?;
    park(cx, timeout, AcquirePermits::new(semaphore.clone(), n), move |cx, result| match result {
        Ok(()) => bool(true),
        Err(_) => Err(deleted(cx, semaphore.label())),
    })
}

fn release(semaphore: &Semaphore, n: u64) -> NativeResult {
    match semaphore.release(n) {
        Ok(()) => none(),
        Err(_) => Err(Raise::value_error(format!("{} released too many times", semaphore.label()))),
    }
}

//! `Barrier` for scripts.

use scriptling_vm::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::value::Value;

use super::{
    bool, common, count, deleted, get_or_create, handle, host_object, needed, none, optional, park, raise, repr, same,
    seconds, using,
};
use crate::sync::{Arrive, Barrier, Kind, NotPassed, Object};

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    let class = module
        .class(
            "Barrier",
            "Tasks wait until all parties have arrived, again and again. When one that waits gives up (a timeout, a \
             cancellation), the barrier is broken: all others get BrokenBarrierError, until reset().",
        )
        .raw_static("__new__(cls, name, parties=None)", "Get or create the barrier of that name.", new)
        .raw("wait(self, /, timeout=None)", "Wait for the others; returns how many were there before.", wait)
        .raw("abort(self, /)", "Break the barrier.", |cx, args| {
            using::<Barrier>(cx, args[0])?.abort();
            none()
        })
        .raw("reset(self, /)", "Begin anew; whoever waits gets BrokenBarrierError.", |cx, args| {
            using::<Barrier>(cx, args[0])?.reset();
            none()
        })
        .raw_getter("parties", "How many must arrive.", |cx, args| {
            let parties = handle::<Barrier>(cx, args[0])?.parties();
            Ok(Outcome::Return(cx.int(parties)))
        })
        .raw_getter("n_waiting", "How many have arrived and wait.", |cx, args| {
            let waiting = handle::<Barrier>(cx, args[0])?.waiting();
            Ok(Outcome::Return(cx.int(waiting)))
        })
        .raw_getter("broken", "Whether it is broken.", |cx, args| bool(handle::<Barrier>(cx, args[0])?.is_broken()))
        .raw("__repr__(self, /)", "", |cx, args| {
            let barrier = handle::<Barrier>(cx, args[0])?;
            let (name, waiting) = (barrier.label().name(), barrier.waiting());
            repr(cx, &format!("<Barrier '{name}' waiting={waiting} parties={}>", barrier.parties()))
        });
    common::<Barrier>(class).finish();
}

fn new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let parties = optional(cx, args[2], |cx, value| count(cx, value, "parties", 1))?.map(|parties| parties as usize);
    let barrier = get_or_create(cx, Kind::Barrier, args[1], |_, label| {
        let parties = needed(&label, "parties", parties)?;
        Ok(Barrier::new(label, parties))
    })?;
    same(barrier.label(), "parties", barrier.parties(), parties)?;
    host_object(cx, args[0], barrier)
}

fn wait(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let barrier = using::<Barrier>(cx, args[0])?;
    let timeout = seconds(cx, args[1], "timeout")?;
    park(cx, timeout, Arrive::new(barrier.clone()), move |cx, result| match result {
        Ok(index) => Ok(Outcome::Return(cx.int(index))),
        Err(NotPassed::Broken) => Err(raise(cx, "BrokenBarrierError", &format!("{} is broken", barrier.label()))),
        Err(NotPassed::Deleted) => Err(deleted(cx, barrier.label())),
    })
}

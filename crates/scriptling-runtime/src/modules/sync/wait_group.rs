//! `WaitGroup` for scripts.

use scriptling_vm::error::Raise;
use scriptling_vm::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::value::Value;

use super::{
    bool, common, deleted, get_or_create, handle, hold, host_object, int, let_go, none, park, repr, seconds, using,
};
use crate::sync::{Kind, Object, Refused, WaitGroup, Zero};

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    let class = module
        .class(
            "WaitGroup",
            "A counter of work that is under way; wait() returns when it is zero. with group: ... counts the block.",
        )
        .raw_static("__new__(cls, name)", "Get or create the wait group of that name.", |cx, args| {
            let group = get_or_create(cx, Kind::WaitGroup, args[1], |_, label| Ok(WaitGroup::new(label)))?;
            host_object(cx, args[0], group)
        })
        .raw("add(self, /, delta=1)", "Count delta more (or, if negative, fewer).", |cx, args| {
            let group = using::<WaitGroup>(cx, args[0])?;
            let delta = int(cx, args[1], "delta")?;
            change(&group, delta)?;
            none()
        })
        .raw("done(self, /)", "Count one fewer.", |cx, args| {
            change(&*using::<WaitGroup>(cx, args[0])?, -1)?;
            none()
        })
        .raw("wait(self, /, timeout=None)", "Wait until the counter is zero.", wait)
        .raw("count(self, /)", "The counter.", |cx, args| {
            Ok(Outcome::Return(Value::int(using::<WaitGroup>(cx, args[0])?.count())))
        })
        .raw("__enter__(self, /)", "", |cx, args| {
            let group = using::<WaitGroup>(cx, args[0])?;
            change(&group, 1)?;
            hold(cx, group)?;
            Ok(Outcome::Return(args[0]))
        })
        .raw("__exit__(self, type, value, traceback, /)", "", |cx, args| {
            let group = handle::<WaitGroup>(cx, args[0])?;
            let_go(cx, &*group)?;
            change(&group, -1)?;
            bool(false)
        })
        .raw("__repr__(self, /)", "", |cx, args| {
            let group = handle::<WaitGroup>(cx, args[0])?;
            repr(cx, &format!("<WaitGroup '{}' count={}>", group.label().name(), group.count()))
        });
    common::<WaitGroup>(class).finish();
}

fn change(group: &WaitGroup, delta: i64) -> Result<(), Raise> {
    group.add(delta).map_err(|refused| match refused {
        Refused::Negative => Raise::value_error("negative WaitGroup counter"),
        Refused::Overflow => Raise::overflow_error("WaitGroup counter is limited to 64 bits"),
    })
}

fn wait(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let group = using::<WaitGroup>(cx, args[0])?;
    let timeout = seconds(cx, args[1], "timeout")?;
    park(cx, timeout, Zero::new(group.clone()), move |cx, result| match result {
        Ok(()) => none(),
        Err(_) => Err(deleted(cx, group.label())),
    })
}

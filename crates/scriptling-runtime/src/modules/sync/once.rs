//! `Once` for scripts.

use scriptling_vm::error::Raise;
use scriptling_vm::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::portable::Portable;
use scriptling_vm::value::Value;

use super::{KeptCall, bool, common, denied, get_or_create, handle, host_object, owner, park, repr, using};
use crate::sync::{Kind, Object, Once, Run, Turned};

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    let class = module
        .class("Once", "Something that one task does for all: the first that comes, while the others wait for the result.")
        .raw_static("__new__(cls, name)", "Get or create the one of that name.", new)
        .raw(
            "call(self, function, /, *args, **kwargs)",
            "The result of function(*args, **kwargs), or a copy of what an earlier call has returned. If the function raises, \
             so does this, and the next that comes or waits tries again.",
            call,
        )
        .raw("done(self, /)", "Whether there is a result.", |cx, args| {
            bool(using::<Once>(cx, args[0])?.is_done())
        })
        .raw("__repr__(self, /)", "", |cx, args| {
            let once = handle::<Once>(cx, args[0])?;
            let state = if once.is_done() { "done" } else { "not done" };
            repr(cx, &format!("<Once '{}' {state}>", once.label().name()))
        });
    common::<Once>(class).finish();
}

fn new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let once = get_or_create(cx, Kind::Once, args[1], |_, label| Ok(Once::new(label)))?;
    host_object(cx, args[0], once)
}

fn call(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let once = using::<Once>(cx, args[0])?;
    let function = KeptCall::new(cx, args[1], args[2], args[3]);
    let run = Run::new(once.clone(), owner(cx)?);
    park(cx, None, run, move |cx, turn| match turn {
        Ok(Turned::Done(result)) => Ok(Outcome::Return(result.to_value(cx)?)),
        Ok(Turned::Run(running)) => {
            let then = move |cx: &mut Cx<'_>, result: Result<Value, Raise>| {
                // When the function raised, or its result cannot be shared, `running` is dropped and the next tries.
                let result = result?;
                running.finish(Portable::from_argument(cx, result, &|| "result".into())?);
                Ok(Outcome::Return(result))
            };
            Ok(function.outcome(cx, None, then))
        }
        Err(why) => {
            let nested = format!("this task is doing {} already: call() does not nest", once.label());
            Err(denied(cx, once.label(), why, &nested))
        }
    })
}

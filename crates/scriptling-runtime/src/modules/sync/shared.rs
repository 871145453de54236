//! `Shared` for scripts.

use std::sync::Arc;

use scriptling_vm::error::Raise;
use scriptling_vm::native::{Cx, Kept, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::portable::Portable;
use scriptling_vm::value::Value;

use super::{
    KeptCall, Limit, ask, common, deleted, denied, get_or_create, handle, host_object, item, limit, none, owner, park,
    park_until, repr, seconds, using,
};
use crate::sync::{Changed, Kind, Label, Object, Permit, Shared, Write};

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    let class = module
        .class("Shared", "A value that tasks share: copied out by get, copied in by set, changed safely by update.")
        .raw_static(
            "__new__(cls, name, initial=...)",
            "Get or create the value of that name; without an initial value it starts as None.",
            new,
        )
        .raw("get(self, /)", "A copy of the value.", get)
        .raw("set(self, /, value)", "Replace the value; wait for an update that is under way.", set)
        .raw(
            "update(self, function, /, *args, **kwargs)",
            "Replace the value by function(value, *args, **kwargs) and return it. Other writers wait; if the function raises, \
             the value stays.",
            update,
        )
        .raw(
            "wait_for(self, /, predicate, timeout=None)",
            "Wait until predicate(value) is true, asking it after each change; returns that value.",
            wait_for,
        )
        .raw("__repr__(self, /)", "", |cx, args| {
            let text = format!("<Shared '{}'>", handle::<Shared>(cx, args[0])?.label().name());
            repr(cx, &text)
        });
    common::<Shared>(class).finish();
}

fn new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let capture = |cx: &mut Cx<'_>| Portable::from_argument(cx, args[2], &|| "initial value".into());
    let is_given = !args[2].is_undefined();
    let mut made = false;
    let shared = get_or_create(cx, Kind::Shared, args[1], |cx, label| {
        made = true;
        let initial = item(&label, if is_given { capture(cx)? } else { Portable::NONE })?;
        Ok(Shared::new(label, initial))
    })?;
    if is_given && !made {
        let initial = capture(cx)?;
        if differ(shared.initial(), &initial) {
            return Err(refuse(cx, shared.label(), shared.initial(), args[2]));
        }
    }
    host_object(cx, args[0], shared)
}

/// Whether two initial values are known to differ. What is not data has no equality that can be asked here.
fn differ(known: &Portable, wanted: &Portable) -> bool {
    let comparable = known.is_data() && wanted.is_data();
    comparable && !known.is_same(wanted) && known.equals(wanted) == Ok(false)
}

/// Longer values are cut off in messages.
const SHOWN: usize = 60;

#[cold]
fn refuse(cx: &mut Cx<'_>, label: &Label, known: &Portable, wanted: Value) -> Raise {
    let show = |cx: &mut Cx<'_>, value: Value| {
        let text = cx.data_text(value).unwrap_or_else(|| "another value".into());
        let cut: String = text.chars().take(SHOWN).collect();
        if cut.len() < text.len() { format!("{cut}...") } else { cut }
    };
    let wanted = show(cx, wanted);
    match known.to_value(cx) {
        Ok(known) => {
            let known = show(cx, known);
            Raise::value_error(format!("{label} exists with initial {known}, not {wanted}"))
        }
        Err(raise) => raise,
    }
}

fn get(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let value = using::<Shared>(cx, args[0])?.get();
    Ok(Outcome::Return(value.to_value(cx)?))
}

/// Waits for this task's turn to write and goes on with it.
fn with_permit<F>(cx: &mut Cx<'_>, shared: Arc<Shared>, go_on: F) -> NativeResult
where
    F: FnOnce(&mut Cx<'_>, Permit) -> NativeResult + Send + 'static,
{
    let write = Write::new(shared.clone(), owner(cx)?);
    park(cx, None, write, move |cx, permit| match permit {
        Ok(permit) => go_on(cx, permit),
        Err(why) => {
            let nested = format!("this task is updating {} already: update() does not nest", shared.label());
            Err(denied(cx, shared.label(), why, &nested))
        }
    })
}

fn set(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let shared = using::<Shared>(cx, args[0])?;
    let value = Portable::from_argument(cx, args[1], &|| "shared value".into())?;
    with_permit(cx, shared, move |_, permit| {
        permit.set(item(permit.label(), value)?);
        none()
    })
}

fn update(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let shared = using::<Shared>(cx, args[0])?;
    let function = KeptCall::new(cx, args[1], args[2], args[3]);
    with_permit(cx, shared, move |cx, permit| {
        let value = permit.value().to_value(cx)?;
        let then = move |cx: &mut Cx<'_>, result: Result<Value, Raise>| {
            // When the function raised, or its result cannot be shared, `permit` is dropped and the value stays.
            let new = result?;
            let value = Portable::from_argument(cx, new, &|| "shared value".into())?;
            permit.set(item(permit.label(), value)?);
            Ok(Outcome::Return(new))
        };
        Ok(function.outcome(cx, Some(value), then))
    })
}

fn wait_for(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let shared = using::<Shared>(cx, args[0])?;
    let timeout = seconds(cx, args[2], "timeout")?;
    let limit = limit(cx, timeout)?;
    let predicate = cx.keep(args[1]);
    let (value, answer) = (cx.keep(Value::NONE), cx.keep(Value::NONE));
    ask_again(cx, shared, Watch { predicate, value, answer }, limit)
}

/// What is kept while a value is watched.
#[derive(Clone, Copy)]
struct Watch {
    predicate: Kept,
    value: Kept,
    answer: Kept,
}

fn ask_again(cx: &mut Cx<'_>, shared: Arc<Shared>, watch: Watch, limit: Limit) -> NativeResult {
    let (value, version) = shared.version();
    let value = value.to_value(cx)?;
    cx.set_kept(watch.value, value);
    ask(cx, watch.predicate, &[value], watch.answer, move |cx, is_true| {
        if is_true {
            return Ok(Outcome::Return(cx.kept(watch.value)));
        }
        park_until(cx, limit, Changed::new(shared.clone(), version), move |cx, result, limit| match result {
            Ok(()) => ask_again(cx, shared, watch, limit),
            Err(_) => Err(deleted(cx, shared.label())),
        })
    })
}

//! `Atomic` for scripts.

use scriptling_vm::error::{ExcClass, Raise};
use scriptling_vm::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::value::Value;

use super::{bool, common, get_or_create, handle, host_object, none, optional, repr, same, using};
use crate::sync::{Atomic, Kind, Number, Object, TooLarge};

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    let class = module
        .class("Atomic", "An int of any size that tasks change without losing a change. Nothing here waits.")
        .raw_static(
            "__new__(cls, name, initial=None)",
            "Get or create the counter of that name; without an initial value it starts at 0.",
            new,
        )
        .raw("add(self, /, delta=1)", "Add and return the new value.", |cx, args| {
            let (atomic, delta) = (using::<Atomic>(cx, args[0])?, number(cx, args[1], "delta")?);
            result(cx, &atomic, atomic.add(&delta))
        })
        .raw("sub(self, /, delta=1)", "Subtract and return the new value.", |cx, args| {
            let (atomic, delta) = (using::<Atomic>(cx, args[0])?, number(cx, args[1], "delta")?);
            result(cx, &atomic, atomic.add(&-delta))
        })
        .raw("get(self, /)", "The value.", |cx, args| {
            let atomic = using::<Atomic>(cx, args[0])?;
            result(cx, &atomic, Ok(atomic.get()))
        })
        .raw("set(self, /, value)", "Replace the value.", |cx, args| {
            let (atomic, value) = (using::<Atomic>(cx, args[0])?, number(cx, args[1], "value")?);
            atomic.set(value).map_err(|error| too_large(&atomic, error))?;
            none()
        })
        .raw("exchange(self, /, value)", "Replace the value and return the old one.", |cx, args| {
            let (atomic, value) = (using::<Atomic>(cx, args[0])?, number(cx, args[1], "value")?);
            result(cx, &atomic, atomic.exchange(value))
        })
        .raw(
            "compare_and_set(self, /, expected, value)",
            "Replace the value if it is the expected one; whether it was.",
            |cx, args| {
                let atomic = using::<Atomic>(cx, args[0])?;
                let (expected, value) = (number(cx, args[1], "expected")?, number(cx, args[2], "value")?);
                bool(atomic.compare_and_set(&expected, value).map_err(|error| too_large(&atomic, error))?)
            },
        )
        .raw("__repr__(self, /)", "", |cx, args| {
            let atomic = handle::<Atomic>(cx, args[0])?;
            let value = to_value(cx, atomic.get());
            let value = cx.int_text(value)?.unwrap_or_default();
            repr(cx, &format!("<Atomic '{}' value={value}>", atomic.label().name()))
        });
    common::<Atomic>(class).finish();
}

/// An int of any size: the argument `what` of a native.
fn number(cx: &Cx<'_>, value: Value, what: &str) -> Result<Number, Raise> {
    if let Some(small) = value.as_int() {
        return Ok(Number::Small(small));
    }
    match cx.to_big(cx.base_value(value)) {
        Some(big) => Ok(big.into()),
        None => Err(Raise::type_error(format!("{what} must be an int, not {}", cx.type_name(value)))),
    }
}

fn to_value(cx: &mut Cx<'_>, number: Number) -> Value {
    match number {
        Number::Small(small) => Value::int(small),
        Number::Large(large) => cx.int(large),
    }
}

fn result(cx: &mut Cx<'_>, atomic: &Atomic, result: Result<Number, TooLarge>) -> NativeResult {
    match result {
        Ok(Number::Small(small)) => Ok(Outcome::Return(Value::int(small))),
        Ok(large) => {
            cx.reserve(large.to_big().bits() as usize / 8)?;
            Ok(Outcome::Return(to_value(cx, large)))
        }
        Err(error) => Err(too_large(atomic, error)),
    }
}

#[cold]
fn too_large(atomic: &Atomic, error: TooLarge) -> Raise {
    refused(&atomic.label().to_string(), error)
}

#[cold]
fn refused(label: &str, error: TooLarge) -> Raise {
    match error {
        TooLarge::Bits(bits) => Raise::overflow_error(format!("{label} is limited to {bits} bits")),
        TooLarge::OverCap(message) => Raise::new(ExcClass::MemoryError, message),
    }
}

fn new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let initial = optional(cx, args[2], |cx, value| number(cx, value, "initial"))?;
    let atomic = get_or_create(cx, Kind::Atomic, args[1], |_, label| {
        let text = label.to_string();
        Atomic::new(label, initial.clone().unwrap_or(Number::Small(0))).map_err(|error| refused(&text, error))
    })?;
    if initial.as_ref().is_some_and(|initial| initial != atomic.initial()) {
        let shown = |number: &Number| match number {
            Number::Small(small) => small.to_string(),
            Number::Large(_) => "a large int".to_owned(),
        };
        let wanted = initial.as_ref().map(shown);
        same(atomic.label(), "initial", shown(atomic.initial()), wanted)?;
        // Both are large.
        return Err(Raise::value_error(format!("{} exists with another initial value", atomic.label())));
    }
    host_object(cx, args[0], atomic)
}

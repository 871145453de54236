//! Special methods of script classes, as the operators need them: who defines one, and trying several in turn until one
//! does not answer `NotImplemented`.
//!
//! A method counts as *custom* if a class outside the module `builtins` defines it; what builtin types define the operators
//! do natively, without a call. Instances of script classes that inherit from a builtin type carry that type's value;
//! [`base_value`] gets at it.

use crate::error::Raise;
use crate::heap::class::{BASE_VALUE, Dunders};
use crate::heap::{Class, Gc, Instance, Kind};
use crate::native::{Cx, NativeResult, Outcome};
use crate::operate::truth;
use crate::value::Value;

/// The builtin value inside an instance of a script class that inherits from a builtin type; any other value itself.
pub(crate) fn base_value(cx: &Cx<'_>, value: Value) -> Value {
    let Some(instance) = value.as_gc::<Instance>() else { return value };
    let shape = &cx.isolate.shapes[instance.shape().0 as usize];
    if shape.class.get(cx.heap()).base_value.is_none() {
        return value;
    }
    if let Some(slot) = shape
        .slot(BASE_VALUE)
        .and_then(|slot| instance.slots(cx.heap()).get(slot as usize))
        .filter(|slot| !slot.is_undefined())
    {
        return *slot;
    }
    instance.get(cx.heap()).extra.and_then(|extra| cx.dict_get_str(extra, BASE_VALUE)).unwrap_or(value)
}

/// Whether special methods of the value's class could be a script's or the host's.
#[inline]
pub(crate) fn is_custom(value: Value) -> bool {
    matches!(value.kind(), Some(Kind::Instance | Kind::Exception | Kind::HostObject | Kind::Class))
}

/// The special method of the value's class, if something other than a builtin class defines it.
pub(crate) fn custom(cx: &Cx<'_>, value: Value, name: &str) -> Option<Value> {
    if !is_custom(value) { None } else { custom_of(cx, cx.class_of(value), name) }
}

fn custom_of(cx: &Cx<'_>, class: Gc<Class>, name: &str) -> Option<Value> {
    let heap = cx.heap();
    for ancestor in &class.get(heap).mro {
        let ancestor = ancestor.get(heap);
        if let Some(&method) = ancestor.attrs.get(name) {
            return (ancestor.module != "builtins").then_some(method);
        }
    }
    None
}

/// The special method, asked for only where the class's summary says that there may be one.
#[inline]
pub(crate) fn flagged(cx: &Cx<'_>, value: Value, flag: Dunders, name: &str) -> Option<Value> {
    match value.kind() {
        Some(Kind::HostObject) => custom(cx, value, name),
        Some(Kind::Instance | Kind::Exception | Kind::Class) => {
            let class = cx.class_of(value);
            if class.get(cx.heap()).dunders.contains(flag) { custom_of(cx, class, name) } else { None }
        }
        _ => None,
    }
}

/// Whether the right operand's method goes first: its class inherits from the left one's and defines the method anew.
pub(super) fn right_goes_first(cx: &Cx<'_>, left: Value, right: Value, name: &str) -> bool {
    if !is_custom(right) {
        return false;
    }
    let (left, right) = (cx.class_of(left), cx.class_of(right));
    if left == right || !cx.is_subclass(right, left) {
        return false;
    }
    match (custom_of(cx, left, name), custom_of(cx, right, name)) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(old), Some(new)) => !old.same(new),
    }
}

/// One special method to try.
#[derive(Clone, Copy)]
pub(super) struct Attempt {
    pub(super) method: Value,
    pub(super) receiver: Value,
    pub(super) argument: Value,
    /// `!=` through `__eq__`: negate the truth of the answer.
    pub(super) negate: bool,
}

/// Calls the attempts in turn until one answers something other than `NotImplemented`; `otherwise` has the last word.
pub(super) fn first_answer<F>(cx: &mut Cx<'_>, attempts: &[Attempt], otherwise: F) -> NativeResult
where
    F: FnOnce(&mut Cx<'_>) -> NativeResult + Send + 'static,
{
    let Some((&Attempt { method, receiver, argument, negate }, rest)) = attempts.split_first() else {
        return otherwise(cx);
    };
    let later: Vec<_> = rest
        .iter()
        .map(|next| (cx.keep(next.method), cx.keep(next.receiver), cx.keep(next.argument), next.negate))
        .collect();
    Ok(Outcome::call(method, &[receiver, argument], move |cx: &mut Cx<'_>, answer: Result<Value, Raise>| {
        let answer = answer?;
        if !answer.same(Value::NOT_IMPLEMENTED) {
            return if negate { negated(cx, answer) } else { Ok(Outcome::Return(answer)) };
        }
        let rest: Vec<Attempt> = later
            .into_iter()
            .map(|(method, receiver, argument, negate)| Attempt {
                method: cx.kept(method),
                receiver: cx.kept(receiver),
                argument: cx.kept(argument),
                negate,
            })
            .collect();
        first_answer(cx, &rest, otherwise)
    }))
}

fn negated(cx: &mut Cx<'_>, answer: Value) -> NativeResult {
    truth(cx, answer)?.and_then(cx, |_, answer| Ok(Outcome::Return(Value::bool(!answer.as_bool().unwrap_or(false)))))
}

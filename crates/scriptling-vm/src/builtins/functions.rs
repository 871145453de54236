//! Builtin functions: registration, and what does not fit a theme of its own.
//!
//! Numbers are in `functions_numbers`, folds over iterables (`sum`, `min`, `any`, ...) in `folds`, reflection (`isinstance`,
//! `getattr`, `dir`, ...) in `reflection`, output in `print`.

use super::quick;
use crate::heap::{Kind, Str};
use crate::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use crate::operate::attr::special;
use crate::operate::iterate;
use crate::value::Value;

/// Registers the functions.
pub(crate) fn define(module: &mut ModuleBuilder<'_>) {
    module
        .raw("len(obj, /)", "The number of items of a container.", |cx, args| iterate::length(cx, args[0]))
        .quick(quick::len)
        .raw("repr(obj, /)", "The text of an object as in source code.", |cx, args| crate::operate::repr(cx, args[0]))
        .raw("ascii(obj, /)", "repr with non-ASCII characters escaped.", ascii)
        .raw("hash(obj, /)", "The hash of an object.", |cx, args| crate::operate::hash(cx, args[0]))
        .raw("id(obj, /)", "The identity of an object.", |_, args| Ok(Outcome::Return(Value::int(args[0].identity()))))
        .raw("callable(obj, /)", "Whether an object can be called.", |cx, args| {
            Ok(Outcome::Return(Value::bool(is_callable(cx, args[0]))))
        })
        .raw("format(value, format_spec='', /)", "A value formatted as in an f-string.", format)
        .raw("sorted(iterable, /, *, key=None, reverse=False)", "A new sorted list.", super::sort::sorted)
        .raw("yield_now()", "Let other tasks run.", yield_now);
}

/// Whether a value can be called.
pub(crate) fn is_callable(cx: &Cx<'_>, value: Value) -> bool {
    match value.kind() {
        Some(Kind::Function | Kind::NativeFunction | Kind::BoundMethod | Kind::Class | Kind::StaticMethod) => true,
        Some(Kind::Instance | Kind::HostObject | Kind::Exception) => special(cx, value, "__call__").is_some(),
        _ => false,
    }
}

fn ascii(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    crate::operate::repr(cx, args[0])?.and_then(cx, |cx, text| {
        let escaped = crate::operate::repr::escape_non_ascii(cx.as_str(text).unwrap_or_default());
        Ok(Outcome::Return(cx.str(escaped)))
    })
}

fn format(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let Some(spec) = args[1].as_gc::<Str>() else {
        let found = cx.type_name(args[1]);
        return Err(crate::error::Raise::type_error(format!("format() argument 2 must be str, not {found}")));
    };
    let spec = spec.get(cx.heap()).to_smol();
    crate::operate::format(cx, args[0], &spec)
}

/// Ready at the second look: in between, the scheduler runs whoever is waiting.
fn yield_now(_cx: &mut Cx<'_>, _args: &[Value]) -> NativeResult {
    let mut yielded = false;
    Ok(Outcome::wait(move |_, waker| {
        if yielded {
            return std::task::Poll::Ready(Ok(Outcome::Return(Value::NONE)));
        }
        yielded = true;
        waker.wake_by_ref();
        std::task::Poll::Pending
    }))
}

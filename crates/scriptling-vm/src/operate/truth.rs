//! Truth of values: what `if`, `while`, `and`, `not` and `bool()` ask.

use super::dispatch::{base_value, flagged};
use crate::error::Raise;
use crate::heap::class::Dunders;
use crate::heap::{BigRange, Bytes, Dict, DictView, FrozenSet, Kind, List, Range, Set, Str, Tuple};
use crate::native::{Cx, NativeResult, Outcome};
use crate::value::{Tag, Value};

/// The truth of a value, unless a special method decides it.
pub(crate) fn truth_native(cx: &Cx<'_>, value: Value) -> Option<bool> {
    Some(match value.tag() {
        Tag::None | Tag::Undefined => false,
        Tag::Bool | Tag::Int => value.payload() != 0,
        Tag::Float => value.as_float() != Some(0.0),
        Tag::NotImplemented | Tag::Ellipsis => true,
        Tag::Obj => return object_truth(cx, value),
    })
}

fn object_truth(cx: &Cx<'_>, value: Value) -> Option<bool> {
    let heap = cx.heap();
    if let Some(text) = value.as_gc::<Str>() {
        return Some(!text.get(heap).as_str().is_empty());
    }
    Some(match value.kind()? {
        Kind::Bytes => !value.as_gc::<Bytes>()?.get(heap).0.is_empty(),
        Kind::List => !value.as_gc::<List>()?.get(heap).is_empty(),
        Kind::Tuple => value.as_gc::<Tuple>()?.count() != 0,
        Kind::Dict => !value.as_gc::<Dict>()?.get(heap).table.is_empty(),
        Kind::Set => !value.as_gc::<Set>()?.get(heap).table.is_empty(),
        Kind::FrozenSet => !value.as_gc::<FrozenSet>()?.get(heap).table.is_empty(),
        Kind::DictView => !value.as_gc::<DictView>()?.get(heap).dict.get(heap).table.is_empty(),
        Kind::Range => !value.as_gc::<Range>()?.get(heap).is_empty(),
        Kind::BigRange => !value.as_gc::<BigRange>()?.get(heap).is_empty(),
        Kind::Instance | Kind::Exception | Kind::HostObject | Kind::Class => {
            if special_truth(cx, value).is_some() {
                return None;
            }
            let base = base_value(cx, value);
            if base.same(value) { true } else { return truth_native(cx, base) }
        }
        _ => true,
    })
}

/// The method that decides, and whether it is `__len__`.
fn special_truth(cx: &Cx<'_>, value: Value) -> Option<(Value, bool)> {
    flagged(cx, value, Dunders::BOOL, "__bool__")
        .map(|method| (method, false))
        .or_else(|| flagged(cx, value, Dunders::LEN, "__len__").map(|method| (method, true)))
}

/// The truth of any value, as a bool.
pub(crate) fn truth(cx: &mut Cx<'_>, value: Value) -> NativeResult {
    if let Some(truth) = truth_native(cx, value) {
        return Ok(Outcome::Return(Value::bool(truth)));
    }
    match special_truth(cx, value) {
        Some((method, false)) => Ok(Outcome::call(method, &[value], |cx, result| {
            let result = result?;
            if result.as_bool().is_some() {
                return Ok(Outcome::Return(result));
            }
            let found = cx.type_name(result);
            Err(Raise::type_error(format!("__bool__ should return bool, returned {found}")))
        })),
        Some((method, true)) => Ok(Outcome::call(method, &[value], |cx, result| {
            let length = super::arith::checked_length(cx, result?)?;
            Ok(Outcome::Return(Value::bool(length != 0)))
        })),
        None => Ok(Outcome::Return(Value::TRUE)),
    }
}

//! The common cases of the natives that programs call most, as the run loop tries them before it prepares a real call.
//!
//! Each is the same native as the one it is registered behind, for exact builtin types and arguments that need nothing
//! else: no defaults, no exception, no script code, nothing to wait for. "Not mine" is the undefined value, and then nothing
//! has been changed. They must not look at the fiber: its height is not up to date.

use crate::heap::{Class, Dict, Gc, Kind, List, Set, Str, Tuple};
use crate::isolate::Isolate;
use crate::operate::lookup::{self, Lookup};
use crate::operate::plain;
use crate::value::{Tag, Value};

/// The common case of a native: the arguments as they were given, and the result, or undefined.
pub(crate) type Quick = fn(&mut Isolate, &[Value]) -> Value;

/// `list.append(object)`
pub(super) fn append(isolate: &mut Isolate, args: &[Value]) -> Value {
    let &[list, item] = args else { return Value::UNDEFINED };
    let Some(list) = list.as_gc::<List>() else { return Value::UNDEFINED };
    isolate.list_push(list, item);
    Value::NONE
}

/// `list.pop()`
pub(super) fn pop(isolate: &mut Isolate, args: &[Value]) -> Value {
    let &[list] = args else { return Value::UNDEFINED };
    let Some(list) = list.as_gc::<List>() else { return Value::UNDEFINED };
    list.get_mut(&mut isolate.heap).pop().unwrap_or(Value::UNDEFINED)
}

/// `len(obj)`
pub(super) fn len(isolate: &mut Isolate, args: &[Value]) -> Value {
    let (&[value], heap) = (args, &isolate.heap) else { return Value::UNDEFINED };
    let len = match value.kind() {
        Some(Kind::List) => value.as_gc::<List>().map(|list| list.get(heap).len()),
        Some(Kind::Str) => value.as_gc::<Str>().map(|text| text.get(heap).char_len()),
        Some(Kind::Tuple) => value.as_gc::<Tuple>().map(Gc::<Tuple>::count),
        Some(Kind::Dict) => value.as_gc::<Dict>().map(|dict| dict.get(heap).table.len()),
        Some(Kind::Set) => value.as_gc::<Set>().map(|set| set.get(heap).table.len()),
        _ => None,
    };
    // The length of what is in memory fits.
    len.map_or(Value::UNDEFINED, |len| Value::int(len as i64))
}

/// `isinstance(obj, class_or_tuple)`
pub(super) fn isinstance(isolate: &mut Isolate, args: &[Value]) -> Value {
    let &[object, wanted] = args else { return Value::UNDEFINED };
    let class = isolate.class_of(object);
    // A metaclass may have a say of its own.
    let inherits = |wanted: Value| {
        let wanted = wanted.as_gc::<Class>()?;
        if wanted == class {
            return Some(true);
        }
        let plain = wanted.get(&isolate.heap).metaclass.is_none();
        plain.then(|| class.get(&isolate.heap).mro.contains(&wanted))
    };
    let Some(classes) = wanted.as_gc::<Tuple>() else {
        return inherits(wanted).map_or(Value::UNDEFINED, Value::bool);
    };
    for &wanted in classes.items(&isolate.heap) {
        match inherits(wanted) {
            Some(false) => {}
            Some(true) => return Value::TRUE,
            None => return Value::UNDEFINED,
        }
    }
    Value::FALSE
}

/// `ord(c)`
pub(super) fn ord(_isolate: &mut Isolate, args: &[Value]) -> Value {
    let &[value] = args else { return Value::UNDEFINED };
    let Some(text) = value.as_gc::<Str>() else { return Value::UNDEFINED };
    match (text.short_ascii_at(0), text.short_ascii_at(1)) {
        (Some(byte), None) => Value::int(i64::from(byte)),
        _ => Value::UNDEFINED,
    }
}

/// `chr(i)`
pub(super) fn chr(isolate: &mut Isolate, args: &[Value]) -> Value {
    let &[value] = args else { return Value::UNDEFINED };
    let known = value.as_int().and_then(|code| usize::try_from(code).ok());
    known.and_then(|code| isolate.library.ascii.get(code).copied()).unwrap_or(Value::UNDEFINED)
}

/// `abs(x)`
pub(super) fn abs(_isolate: &mut Isolate, args: &[Value]) -> Value {
    let &[value] = args else { return Value::UNDEFINED };
    match (value.as_int().map(i64::checked_abs), value.as_float()) {
        (Some(Some(int)), _) => Value::int(int),
        (_, Some(float)) => Value::float(float.abs()),
        _ => Value::UNDEFINED,
    }
}

/// `min(a, b)`
pub(super) fn min(_isolate: &mut Isolate, args: &[Value]) -> Value {
    let &[first, second] = args else { return Value::UNDEFINED };
    match less(second, first) {
        Some(true) => second,
        Some(false) => first,
        None => Value::UNDEFINED,
    }
}

/// `max(a, b)`
pub(super) fn max(_isolate: &mut Isolate, args: &[Value]) -> Value {
    let &[first, second] = args else { return Value::UNDEFINED };
    match less(first, second) {
        Some(true) => second,
        Some(false) => first,
        None => Value::UNDEFINED,
    }
}

/// `left < right` of two ints or two floats.
fn less(left: Value, right: Value) -> Option<bool> {
    match (left.tag(), right.tag()) {
        (Tag::Int, Tag::Int) => Some(left.as_int()? < right.as_int()?),
        (Tag::Float, Tag::Float) => Some(left.as_float()? < right.as_float()?),
        _ => None,
    }
}

/// `dict.get(key)`, `dict.get(key, default)`
pub(super) fn dict_get(isolate: &mut Isolate, args: &[Value]) -> Value {
    let (&[dict, key] | &[dict, key, _]) = args else { return Value::UNDEFINED };
    let Some(dict) = dict.as_gc::<Dict>() else { return Value::UNDEFINED };
    match plain::find(&isolate.heap, dict, key) {
        Some(Lookup::Found(at)) => dict.get(&isolate.heap).table.entry(at).value,
        Some(Lookup::Missing(_)) => args.get(2).copied().unwrap_or(Value::NONE),
        _ => Value::UNDEFINED,
    }
}

/// `set.add(item)`
pub(super) fn set_add(isolate: &mut Isolate, args: &[Value]) -> Value {
    let &[set, item] = args else { return Value::UNDEFINED };
    let Some(set) = set.as_gc::<Set>() else { return Value::UNDEFINED };
    match plain::find(&isolate.heap, set, item) {
        Some(Lookup::Found(_)) => Value::NONE,
        Some(Lookup::Missing(hash)) => {
            lookup::insert(&mut isolate.heap, set, hash, item, ());
            Value::NONE
        }
        _ => Value::UNDEFINED,
    }
}

//! Iteration: making iterators, stepping native ones, and consuming iterables as a whole.
//!
//! Builtin containers have native iterators, which step without running script code. Generators and instances with
//! `__iter__`/`__next__` are stepped by the run loop, so whoever wants all their elements redirects to the prelude
//! (`_collect` and friends). Whatever is consumed natively asks for memory on the way: an iterable may be longer than what
//! fits.

use crate::builtins::receiver::base_value;
use crate::error::Raise;
use crate::heap::dict::ViewKind;
use crate::heap::{
    BigRange, Bytes, Dict, DictView, FrozenSet, Gc, Iter, Kind, List, ListIter, Range, RangeIter, Set, Str, Tuple,
};
use crate::native::{Cx, NativeResult, Outcome};
use crate::operate::attr::special;
pub use crate::operate::containers::contains;
use crate::value::Value;
use num_traits::ToPrimitive;

/// What stepping an iterator gave.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// The next element.
    Item(Value),
    /// There are no more.
    End,
    /// Not a native iterator: the loop has to call `__next__` or resume a generator.
    Script,
}

/// How many elements are produced between two questions about memory.
const CHECK_EVERY: usize = 1024;

/// `iter(value)`.
pub fn iter(cx: &mut Cx<'_>, value: Value) -> NativeResult {
    if let Some(iterator) = iter_native(cx, value) {
        return Ok(Outcome::Return(iterator));
    }
    match special(cx, value, "__iter__") {
        Some(method) if method.is_none() => {}
        Some(method) => {
            return Ok(Outcome::call(method, &[value], |cx, result| {
                let iterator = result?;
                if is_iterator(cx, iterator) {
                    return Ok(Outcome::Return(iterator));
                }
                let found = cx.type_name(iterator);
                Err(Raise::type_error(format!("iter() returned non-iterator of type '{found}'")))
            }));
        }
        None if special(cx, value, "__getitem__").is_some() && value.kind() != Some(Kind::Class) => {
            return Ok(Outcome::tail_call(cx.prelude("_sequence_iter"), &[value]));
        }
        None => {}
    }
    Err(not_iterable(cx, value))
}

#[cold]
fn not_iterable(cx: &Cx<'_>, value: Value) -> Raise {
    Raise::type_error(format!("'{}' object is not iterable", cx.type_name(value)))
}

/// Whether `iter(value)` would find something to call.
pub(crate) fn is_iterable(cx: &Cx<'_>, value: Value) -> bool {
    if has_native_iterator(value) {
        return true;
    }
    match special(cx, value, "__iter__") {
        Some(method) => !method.is_none(),
        None => special(cx, value, "__getitem__").is_some() && value.kind() != Some(Kind::Class),
    }
}

/// Whether `iter_native` has an iterator for it.
fn has_native_iterator(value: Value) -> bool {
    matches!(
        value.kind(),
        Some(
            Kind::List
                | Kind::Range
                | Kind::BigRange
                | Kind::Tuple
                | Kind::Str
                | Kind::Bytes
                | Kind::Dict
                | Kind::DictView
                | Kind::Set
                | Kind::FrozenSet
                | Kind::RangeIter
                | Kind::ListIter
                | Kind::Iter
                | Kind::Generator
        )
    )
}

/// Whether values can be asked of it with `next`.
pub(crate) fn is_iterator(cx: &Cx<'_>, value: Value) -> bool {
    matches!(value.kind(), Some(Kind::Generator))
        || is_native_iterator(value)
        || special(cx, value, "__next__").is_some()
}

fn is_native_iterator(value: Value) -> bool {
    matches!(value.kind(), Some(Kind::RangeIter | Kind::ListIter | Kind::Iter))
}

/// `iter(value)` for builtin kinds; generators and native iterators are their own iterators.
pub(crate) fn iter_native(cx: &mut Cx<'_>, value: Value) -> Option<Value> {
    let heap = cx.heap_mut();
    Some(match value.kind()? {
        Kind::List => heap.value(ListIter { list: value.as_gc(), index: 0 }),
        Kind::Range => {
            let range = *value.as_gc::<Range>()?.get(heap);
            heap.value(RangeIter::new(range))
        }
        Kind::BigRange => {
            let iter = value.as_gc::<BigRange>()?.get(heap).forward();
            heap.value(Iter::BigRange(Box::new(iter)))
        }
        Kind::Tuple => heap.value(Iter::Tuple { tuple: value.as_gc()?, index: 0 }),
        Kind::Str => heap.value(Iter::Str { text: value.as_gc()?, offset: 0 }),
        Kind::Bytes => heap.value(Iter::Bytes { bytes: value.as_gc()?, index: 0 }),
        Kind::Dict => dict_iter(cx, value.as_gc()?, ViewKind::Keys),
        Kind::DictView => {
            let view = value.as_gc::<DictView>()?.get(heap);
            let (dict, show) = (view.dict, view.show);
            dict_iter(cx, dict, show)
        }
        Kind::Set => {
            let set = value.as_gc::<Set>()?;
            let len = set.get(heap).table.len();
            heap.value(Iter::Set { set, position: 0, len })
        }
        Kind::FrozenSet => heap.value(Iter::FrozenSet { set: value.as_gc()?, position: 0 }),
        Kind::RangeIter | Kind::ListIter | Kind::Iter | Kind::Generator => value,
        _ => return None,
    })
}

fn dict_iter(cx: &mut Cx<'_>, dict: Gc<Dict>, show: ViewKind) -> Value {
    let len = dict.get(cx.heap()).table.len();
    cx.heap_mut().value(Iter::Dict { dict, show, position: 0, len })
}

/// The next element of a native iterator.
#[inline]
pub fn step(cx: &mut Cx<'_>, iterator: Value) -> Result<Step, Raise> {
    cx.isolate.step_native(iterator, 0)
}

/// All elements of an iterable that Rust can iterate; `None` if it takes script code.
pub(crate) fn native_items(cx: &mut Cx<'_>, value: Value) -> Result<Option<Vec<Value>>, Raise> {
    let heap = cx.heap();
    let items = match value.kind() {
        Some(Kind::List) => value.as_gc::<List>().map(|list| list.get(heap).to_values()),
        Some(Kind::Tuple) => value.as_gc::<Tuple>().map(|tuple| tuple.items(heap).to_vec()),
        Some(Kind::Set) => value.as_gc::<Set>().map(|set| set.get(heap).table.iter().map(|e| e.key).collect()),
        Some(Kind::FrozenSet) => {
            value.as_gc::<FrozenSet>().map(|set| set.get(heap).table.iter().map(|e| e.key).collect())
        }
        Some(Kind::Dict) => value.as_gc::<Dict>().map(|dict| dict.get(heap).table.iter().map(|e| e.key).collect()),
        Some(Kind::Generator) | None => None,
        Some(_) => match iter_native(cx, value) {
            Some(iterator) => Some(drain(cx, iterator)?),
            None => None,
        },
    };
    if let Some(items) = &items {
        cx.charge_work(items.len());
    }
    Ok(items)
}

/// What is left of a native iterator.
fn drain(cx: &mut Cx<'_>, iterator: Value) -> Result<Vec<Value>, Raise> {
    let hint = remaining(cx, iterator);
    cx.reserve(hint.saturating_mul(size_of::<Value>()))?;
    let mut items = Vec::with_capacity(hint);
    while let Step::Item(item) = step(cx, iterator)? {
        if items.len() % CHECK_EVERY == 0 {
            cx.reserve(size_of_val(items.as_slice()) + CHECK_EVERY * size_of::<Value>())?;
        }
        items.push(item);
    }
    Ok(items)
}

/// How many elements a native iterator will surely produce, as far as that is easily known.
fn remaining(cx: &Cx<'_>, iterator: Value) -> usize {
    if let Some(range) = iterator.as_gc::<RangeIter>() {
        return usize::try_from(range.get(cx.heap()).left).unwrap_or(usize::MAX);
    }
    match iterator.as_gc::<Iter>().map(|iter| iter.get(cx.heap())) {
        Some(Iter::Dict { len, .. } | Iter::Set { len, .. }) => *len,
        Some(Iter::BigRange(range)) => range.left().to_usize().unwrap_or(usize::MAX),
        Some(Iter::Str { text, offset }) => text.get(cx.heap()).as_str().len().saturating_sub(*offset) / 4,
        _ => 0,
    }
}

/// A new list of all elements.
pub fn collect(cx: &mut Cx<'_>, iterable: Value) -> NativeResult {
    if let Some(list) = iterable.as_gc::<List>() {
        let copy = copy_list(cx, list)?;
        return Ok(Outcome::Return(copy));
    }
    match native_items(cx, iterable)? {
        Some(items) => {
            let list = new_list(cx, &items)?;
            Ok(Outcome::Return(list))
        }
        None if !is_iterable(cx, iterable) => Err(not_iterable(cx, iterable)),
        None => Ok(Outcome::tail_call(cx.prelude("_collect"), &[iterable])),
    }
}

/// A copy of a list.
pub(crate) fn copy_list(cx: &mut Cx<'_>, list: Gc<List>) -> Result<Value, Raise> {
    let len = list.get(cx.heap()).len();
    cx.reserve(len * size_of::<Value>())?;
    cx.charge_work(len);
    let copy = list.get(cx.heap()).slice(0..len);
    Ok(cx.heap_mut().value(copy))
}

/// A list of these values, if there is room.
pub(crate) fn new_list(cx: &mut Cx<'_>, items: &[Value]) -> Result<Value, Raise> {
    cx.reserve(size_of_val(items))?;
    Ok(cx.list(items))
}

/// A tuple of these values, if there is room.
pub(crate) fn new_tuple(cx: &mut Cx<'_>, items: &[Value]) -> Result<Value, Raise> {
    cx.reserve(size_of_val(items))?;
    Ok(cx.tuple(items))
}

/// Gives `next` all elements of an iterable, whatever it takes to get them.
pub(crate) fn with_items<F>(cx: &mut Cx<'_>, iterable: Value, next: F) -> NativeResult
where
    F: FnOnce(&mut Cx<'_>, Vec<Value>) -> NativeResult + Send + 'static,
{
    if let Some(items) = native_items(cx, iterable)? {
        return next(cx, items);
    }
    collect(cx, iterable)?.and_then(cx, |cx, list| {
        let items = cx.sequence(list).unwrap_or_default();
        next(cx, items)
    })
}

/// The number of elements of a builtin container.
pub(crate) fn length_native(cx: &Cx<'_>, value: Value) -> Option<u64> {
    let heap = cx.heap();
    let len = match value.kind()? {
        Kind::List => value.as_gc::<List>()?.get(heap).len(),
        Kind::Tuple => value.as_gc::<Tuple>()?.count(),
        Kind::Str => value.as_gc::<Str>()?.get(heap).char_len(),
        Kind::Bytes => value.as_gc::<Bytes>()?.get(heap).0.len(),
        Kind::Dict => value.as_gc::<Dict>()?.get(heap).table.len(),
        Kind::DictView => value.as_gc::<DictView>()?.get(heap).dict.get(heap).table.len(),
        Kind::Set => value.as_gc::<Set>()?.get(heap).table.len(),
        Kind::FrozenSet => value.as_gc::<FrozenSet>()?.get(heap).table.len(),
        Kind::Range => return Some(value.as_gc::<Range>()?.get(heap).len()),
        Kind::BigRange => return Some(value.as_gc::<BigRange>()?.get(heap).len().to_u64().unwrap_or(u64::MAX)),
        _ => return None,
    };
    Some(len as u64)
}

/// `len(value)`.
pub fn length(cx: &mut Cx<'_>, value: Value) -> NativeResult {
    if let Some(len) = length_native(cx, value) {
        return match i64::try_from(len) {
            Ok(len) => Ok(Outcome::Return(Value::int(len))),
            Err(_) => Err(Raise::overflow_error("Python int too large to convert to C ssize_t")),
        };
    }
    let Some(method) = special(cx, value, "__len__").filter(|method| !method.is_none()) else {
        return Err(Raise::type_error(format!("object of type '{}' has no len()", cx.type_name(value))));
    };
    Ok(Outcome::call(method, &[value], |cx, result| checked_length(cx, result?)))
}

/// Checks what a `__len__` returned.
pub(crate) fn checked_length(cx: &mut Cx<'_>, value: Value) -> NativeResult {
    let length = base_value(cx, value);
    match length.as_int().or(length.as_bool().map(i64::from)) {
        Some(len) if len >= 0 => Ok(Outcome::Return(Value::int(len))),
        Some(_) => Err(Raise::value_error("__len__() should return >= 0")),
        None if cx.as_big(length).is_some() => {
            Err(Raise::overflow_error("cannot fit 'int' into an index-sized integer"))
        }
        None => {
            let found = cx.type_name(value);
            Err(Raise::type_error(format!("'{found}' object cannot be interpreted as an integer")))
        }
    }
}

/// A list of exactly `count` elements of `value` (`a, b = value`).
pub fn unpack(cx: &mut Cx<'_>, value: Value, count: usize) -> NativeResult {
    let known = match value.kind() {
        Some(Kind::Tuple) => value.as_gc::<Tuple>().map(|tuple| tuple.items(cx.heap()).to_vec()),
        Some(Kind::List) => value.as_gc::<List>().map(|list| list.get(cx.heap()).to_values()),
        _ => None,
    };
    if let Some(items) = known {
        return check_unpacked(cx, &items, count);
    }
    let iterator = match iter_native(cx, value) {
        Some(iterator) if is_native_iterator(iterator) => iterator,
        _ if !is_iterable(cx, value) => {
            let found = cx.type_name(value);
            return Err(Raise::type_error(format!("cannot unpack non-iterable {found} object")));
        }
        _ => return Ok(Outcome::tail_call(cx.prelude("_unpack"), &[value, Value::int(count as i64)])),
    };
    // One more than wanted is taken, and no more: the iterator may be shared.
    let mut items = Vec::new();
    while items.len() <= count
        && let Step::Item(item) = step(cx, iterator)?
    {
        items.push(item);
    }
    check_unpacked(cx, &items, count)
}

fn check_unpacked(cx: &mut Cx<'_>, items: &[Value], count: usize) -> NativeResult {
    match items.len() {
        found if found == count => Ok(Outcome::Return(cx.list(items))),
        found if found > count => Err(Raise::value_error(format!("too many values to unpack (expected {count})"))),
        found => Err(Raise::value_error(format!("not enough values to unpack (expected {count}, got {found})"))),
    }
}

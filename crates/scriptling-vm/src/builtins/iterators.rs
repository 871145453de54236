//! Iterators: `iter`, `next`, `enumerate`, `zip`, `map`, `filter`, `reversed`, and the methods of native iterators.
//!
//! `enumerate` and `zip` over what Rust can iterate are native iterators; over anything else, and always for `map` and
//! `filter`, which call functions, the work is done by generators of the prelude, which do not look like generators.

use super::receiver::{base_value, int_argument, is_raise, retry_with_index};
use super::types::ITERATOR_TYPES;
use crate::error::{ExcClass, Raise};
use crate::heap::{BigRange, Class, Gc, Generator, Iter, Kind, List, ListIter, Range, RangeIter, Tuple};
use crate::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use crate::operate::attr::special;
use crate::operate::iterate::{self, Step, is_iterable, iter_native};
use crate::run::generator;
use crate::value::Value;

/// Registers the functions and the methods of native iterators.
pub(crate) fn define(module: &mut ModuleBuilder<'_>, types: &[Gc<Class>]) {
    module
        .raw(
            "iter(object, sentinel=..., /)",
            "An iterator over object; or call object until it returns sentinel.",
            iter,
        )
        .raw("next(iterator, default=..., /)", "The next element, or default at the end.", next)
        .raw("enumerate(iterable, start=0)", "Pairs of a counter and the elements.", enumerate)
        .raw("zip(*iterables, strict=False)", "Tuples of the elements at the same position.", zip)
        .raw("map(function, /, *iterables)", "The results of function for the elements.", map)
        .raw("filter(function, iterable, /)", "The elements for which function is true.", filter)
        .raw("reversed(sequence, /)", "An iterator over the elements from last to first.", reversed);
    for &builtin in ITERATOR_TYPES {
        module
            .class(builtin.name(), "An iterator.")
            .raw("__iter__(self, /)", "", |_, args| Ok(Outcome::Return(args[0])))
            .raw("__next__(self, /)", "", |cx, args| next_of(cx, args[0]))
            .raw("__length_hint__(self, /)", "", length_hint)
            .into_class(types[builtin as usize]);
    }
}

/// The end of an iteration as an exception.
pub(crate) fn stop_iteration() -> Raise {
    Raise::with_argument(ExcClass::StopIteration, Value::UNDEFINED)
}

/// The next element of any iterator, or `StopIteration`.
pub(crate) fn next_of(cx: &mut Cx<'_>, iterator: Value) -> NativeResult {
    match iterate::step(cx, iterator)? {
        Step::Item(item) => Ok(Outcome::Return(item)),
        Step::End => Err(stop_iteration()),
        Step::Script if iterator.is::<Generator>() => generator::next(cx, &[iterator]),
        Step::Script => match special(cx, iterator, "__next__") {
            Some(method) => Ok(Outcome::tail_call(method, &[iterator])),
            None => {
                let found = cx.type_name(iterator);
                Err(Raise::type_error(format!("'{found}' object is not an iterator")))
            }
        },
    }
}

fn next(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (iterator, default) = (args[0], args[1]);
    match iterate::step(cx, iterator)? {
        Step::Item(item) => return Ok(Outcome::Return(item)),
        Step::End if default.is_undefined() => return Err(stop_iteration()),
        Step::End => return Ok(Outcome::Return(default)),
        Step::Script => {}
    }
    if default.is_undefined() {
        return next_of(cx, iterator);
    }
    let Some(method) = special(cx, iterator, "__next__") else { return next_of(cx, iterator) };
    let default = cx.keep(default);
    Ok(Outcome::call(method, &[iterator], move |cx, result| match result {
        Err(raise) if is_raise(cx, &raise, ExcClass::StopIteration) => Ok(Outcome::Return(cx.kept(default))),
        other => other.map(Outcome::Return),
    }))
}

fn iter(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    if args[1].is_undefined() {
        return iterate::iter(cx, args[0]);
    }
    if !super::functions::is_callable(cx, args[0]) {
        return Err(Raise::type_error("iter(v, w): v must be callable"));
    }
    Ok(Outcome::tail_call(cx.prelude("_call_until"), &[args[0], args[1]]))
}

fn not_iterable(cx: &Cx<'_>, value: Value) -> Raise {
    Raise::type_error(format!("'{}' object is not iterable", cx.type_name(value)))
}

/// A native iterator over the value, unless iterating it takes script code.
fn native_iterator(cx: &mut Cx<'_>, value: Value) -> Option<Value> {
    iter_native(cx, value).filter(|iterator| iterator.kind() != Some(Kind::Generator))
}

fn enumerate(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let start = base_value(cx, args[1]);
    if start.as_int().is_none() && cx.to_big(start).is_none() {
        return match int_argument(cx, start)? {
            Some(_) => Ok(Outcome::Return(Value::NONE)),
            None => retry_with_index(cx, args, 1, enumerate),
        };
    }
    let count = start.as_bool().map_or(start, |flag| Value::int(i64::from(flag)));
    if let Some(inner) = native_iterator(cx, args[0]) {
        return Ok(Outcome::Return(cx.heap_mut().value(Iter::Enumerate { inner, count })));
    }
    if !is_iterable(cx, args[0]) {
        return Err(not_iterable(cx, args[0]));
    }
    iterate::iter(cx, args[0])?.and_then_with(cx, count, |cx, iterator, count| {
        Ok(Outcome::tail_call(cx.prelude("_enumerate"), &[iterator, count]))
    })
}

fn zip(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let strict = crate::operate::truth_native(cx, args[0]).unwrap_or(true);
    let iterables = cx.sequence(args[1]).unwrap_or_default();
    let mut inners = Vec::with_capacity(iterables.len());
    for &iterable in &iterables {
        match native_iterator(cx, iterable) {
            Some(iterator) => inners.push(iterator),
            None if is_iterable(cx, iterable) => break,
            None => return Err(not_iterable(cx, iterable)),
        }
    }
    if inners.len() == iterables.len() {
        return Ok(Outcome::Return(cx.heap_mut().value(Iter::Zip { inners, strict })));
    }
    Ok(Outcome::tail_call(cx.prelude("_make_zip"), &[args[1], Value::bool(strict)]))
}

fn map(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let iterables = cx.sequence(args[1]).unwrap_or_default();
    let (function, others) = (args[0], args[1]);
    match iterables.as_slice() {
        [] => Err(Raise::type_error("map() must have at least two arguments.")),
        &[iterable] => iterate::iter(cx, iterable)?.and_then_with(cx, function, |cx, iterator, function| {
            Ok(Outcome::tail_call(cx.prelude("_map"), &[function, iterator]))
        }),
        _ => {
            if let Some(&bad) = iterables.iter().find(|&&iterable| !is_iterable(cx, iterable)) {
                return Err(not_iterable(cx, bad));
            }
            Ok(Outcome::tail_call(cx.prelude("_make_map"), &[function, others]))
        }
    }
}

fn filter(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    iterate::iter(cx, args[1])?.and_then_with(cx, args[0], |cx, iterator, function| {
        let name = if function.is_none() { "_filter_true" } else { "_filter" };
        Ok(Outcome::tail_call(cx.prelude(name), &[iterator, function]))
    })
}

/// `reversed(args[0])`.
pub(crate) fn reversed(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let value = args[0];
    match value.kind() {
        Some(Kind::List) => {
            if let Some(list) = value.as_gc::<List>() {
                let index = list.get(cx.heap()).len();
                return Ok(Outcome::Return(cx.heap_mut().value(Iter::ListReversed { list, index })));
            }
        }
        Some(Kind::Range) => {
            if let Some(range) = value.as_gc::<Range>().map(|range| *range.get(cx.heap())) {
                let iterator = super::range::reversed_range(range);
                return Ok(Outcome::Return(cx.heap_mut().value(iterator)));
            }
        }
        Some(Kind::BigRange) => {
            if let Some(range) = value.as_gc::<BigRange>() {
                let iterator = range.get(cx.heap()).backward();
                return Ok(Outcome::Return(cx.heap_mut().value(Iter::BigRange(Box::new(iterator)))));
            }
        }
        Some(Kind::Tuple | Kind::Str | Kind::Bytes) => {
            let mut values = match value.as_gc::<Tuple>() {
                Some(tuple) => tuple.items(cx.heap()).to_vec(),
                None => iterate::native_items(cx, value)?.unwrap_or_default(),
            };
            values.reverse();
            return Ok(Outcome::Return(cx.heap_mut().value(Iter::Values { values, index: 0 })));
        }
        Some(Kind::Dict | Kind::DictView) => return super::dict::reversed(cx, value),
        _ => {}
    }
    match special(cx, value, "__reversed__") {
        Some(method) if !method.is_none() => return Ok(Outcome::tail_call(method, &[value])),
        None if special(cx, value, "__getitem__").is_some() && special(cx, value, "__len__").is_some() => {
            return iterate::length(cx, value)?.and_then_with(cx, value, |cx, length, value| {
                Ok(Outcome::tail_call(cx.prelude("_reversed"), &[value, length]))
            });
        }
        _ => {}
    }
    Err(Raise::type_error(format!("'{}' object is not reversible", cx.type_name(value))))
}

fn length_hint(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    if let Some(Iter::BigRange(range)) = args[0].as_gc::<Iter>().map(|iter| iter.get(cx.heap())) {
        let left = range.left().clone();
        return Ok(Outcome::Return(cx.int(left)));
    }
    let left = match args[0].as_gc::<RangeIter>() {
        Some(range) => range.get(cx.heap()).left,
        None => match args[0].as_gc::<ListIter>().map(|iter| iter.get(cx.heap())) {
            Some(ListIter { list: Some(list), index }) => list.get(cx.heap()).len().saturating_sub(*index) as u64,
            _ => 0,
        },
    };
    Ok(Outcome::Return(cx.int(left)))
}

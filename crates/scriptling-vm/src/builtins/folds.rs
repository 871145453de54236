//! Functions that fold an iterable into one value: `sum`, `min`, `max`, `any`, `all`.
//!
//! They step native iterators themselves, up to a bounded number of elements: a longer iteration goes on in the prelude,
//! where it can be interrupted. An element whose operator takes script code hands the rest over to the prelude too.

use super::quick;
use super::receiver::given;
use crate::error::Raise;
use crate::heap::{Bytes, Gc, Kind, Range, Str};
use crate::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use crate::op::{BinaryOp, CompareOp};
use crate::operate::iterate::{self, Step, is_iterable, iter_native};
use crate::operate::{compare, truth_native};
use crate::value::{Tag, Value};

/// Elements that a native folds before the prelude goes on: some milliseconds.
const MOST_STEPS: usize = 1 << 20;

/// Registers the functions.
pub(crate) fn define(module: &mut ModuleBuilder<'_>) {
    module
        .raw("sum(iterable, /, start=0)", "The sum of start and the elements.", sum)
        .raw("any(iterable, /)", "Whether any element is true.", |cx, args| any_or_all(cx, args[0], true))
        .raw("all(iterable, /)", "Whether all elements are true.", |cx, args| any_or_all(cx, args[0], false))
        .raw("min(*args, key=None, default=...)", "The smallest element or argument.", |cx, args| {
            extreme(cx, args, false)
        })
        .quick(quick::min)
        .raw("max(*args, key=None, default=...)", "The largest element or argument.", |cx, args| {
            extreme(cx, args, true)
        })
        .quick(quick::max);
}

/// A native iterator over the value; `None` if iterating it takes script code.
fn native_iterator(cx: &mut Cx<'_>, value: Value) -> Result<Option<Value>, Raise> {
    match iter_native(cx, value) {
        Some(iterator) if iterator.kind() != Some(Kind::Generator) => Ok(Some(iterator)),
        _ if is_iterable(cx, value) => Ok(None),
        _ => Err(Raise::type_error(format!("'{}' object is not iterable", cx.type_name(value)))),
    }
}

fn sum(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (iterable, start) = (args[0], args[1]);
    if start.is::<Str>() {
        return Err(Raise::type_error("sum() can't sum strings [use ''.join(seq) instead]"));
    }
    if start.is::<Bytes>() {
        return Err(Raise::type_error("sum() can't sum bytes [use b''.join(seq) instead]"));
    }
    if let (Some(range), Some(start)) = (iterable.as_gc::<Range>(), start.as_int()) {
        return Ok(Outcome::Return(sum_of_range(cx, range, start)));
    }
    let Some(iterator) = native_iterator(cx, iterable)? else {
        return Ok(Outcome::tail_call(cx.prelude("_sum"), &[iterable, start]));
    };
    let mut total = start;
    for steps in 0.. {
        let Step::Item(item) = iterate::step(cx, iterator)? else {
            cx.charge_work(steps);
            return Ok(Outcome::Return(total));
        };
        let fast = match (total.as_int(), item.as_int()) {
            (Some(a), Some(b)) => a.checked_add(b).map(Value::int),
            _ => total.as_float().zip(item.as_float()).map(|(a, b)| Value::float(a + b)),
        };
        total = match fast {
            Some(sum) => sum,
            None => match crate::operate::binary(cx, BinaryOp::Add, total, item, false)? {
                Outcome::Return(sum) => sum,
                _ => return Ok(Outcome::tail_call(cx.prelude("_sum_rest"), &[total, item, iterator])),
            },
        };
        if steps >= MOST_STEPS {
            cx.charge_work(steps);
            return Ok(Outcome::tail_call(cx.prelude("_sum"), &[iterator, total]));
        }
    }
    Ok(Outcome::Return(total))
}

/// The sum of an arithmetic progression, exactly.
fn sum_of_range(cx: &mut Cx<'_>, range: Gc<Range>, start: i64) -> Value {
    let range = *range.get(cx.heap());
    let len = range.len();
    if len == 0 {
        return Value::int(start);
    }
    let ends = i128::from(range.start) + i128::from(range.at(len - 1));
    let total = num_bigint::BigInt::from(ends) * len / 2 + start;
    cx.int(total)
}

/// `any` (`wanted` = true) and `all` (`wanted` = false): both stop at the first element whose truth is `wanted`.
fn any_or_all(cx: &mut Cx<'_>, iterable: Value, wanted: bool) -> NativeResult {
    let prelude = if wanted { "_any" } else { "_all" };
    let Some(iterator) = native_iterator(cx, iterable)? else {
        return Ok(Outcome::tail_call(cx.prelude(prelude), &[iterable]));
    };
    for steps in 0.. {
        let Step::Item(item) = iterate::step(cx, iterator)? else {
            cx.charge_work(steps);
            return Ok(Outcome::Return(Value::bool(!wanted)));
        };
        match truth_native(cx, item) {
            Some(truth) if truth == wanted => return Ok(Outcome::Return(Value::bool(wanted))),
            Some(_) if steps < MOST_STEPS => {}
            Some(_) => return Ok(Outcome::tail_call(cx.prelude(prelude), &[iterator])),
            None => {
                let rest = if wanted { "_any_rest" } else { "_all_rest" };
                return Ok(Outcome::tail_call(cx.prelude(rest), &[item, iterator]));
            }
        }
    }
    Ok(Outcome::Return(Value::NONE))
}

/// `min` and `max`. Arguments: key, default, `*args`.
fn extreme(cx: &mut Cx<'_>, args: &[Value], largest: bool) -> NativeResult {
    let name = if largest { "max" } else { "min" };
    let (key, default) = (args[0], args[1]);
    let values = cx.sequence(args[2]).unwrap_or_default();
    let iterable = match values.as_slice() {
        [] => return Err(Raise::type_error(format!("{name} expected at least 1 argument, got 0"))),
        &[iterable] => iterable,
        _ if !default.is_undefined() => {
            let message = format!("Cannot specify a default for {name}() with multiple positional arguments");
            return Err(Raise::type_error(message));
        }
        &[first, ref rest @ ..] => {
            if given(key).is_none()
                && let Some(best) = extreme_of_few(cx, first, rest, largest)?
            {
                return Ok(Outcome::Return(best));
            }
            args[2]
        }
    };
    let Some(iterator) = native_iterator(cx, iterable)? else {
        return extreme_by_script(cx, iterable, key, default, largest);
    };
    if given(key).is_some() {
        return extreme_by_script(cx, iterator, key, default, largest);
    }
    let mut best: Option<Value> = None;
    for steps in 0.. {
        let Step::Item(item) = iterate::step(cx, iterator)? else {
            cx.charge_work(steps);
            return match best {
                Some(best) => Ok(Outcome::Return(best)),
                None if default.is_undefined() => Err(Raise::value_error(format!("{name}() arg is an empty sequence"))),
                None => Ok(Outcome::Return(default)),
            };
        };
        let Some(current) = best else {
            best = Some(item);
            continue;
        };
        match is_better(cx, item, current, largest)? {
            Some(true) => best = Some(item),
            Some(false) => {}
            None => {
                let args = [current, item, iterator, Value::bool(largest)];
                return Ok(Outcome::tail_call(cx.prelude("_extreme_rest"), &args));
            }
        }
        if steps >= MOST_STEPS {
            let item = best.unwrap_or(Value::NONE);
            let args = [item, item, iterator, Value::bool(largest)];
            return Ok(Outcome::tail_call(cx.prelude("_extreme_rest"), &args));
        }
    }
    Ok(Outcome::Return(Value::NONE))
}

/// Whether an item is to replace the best one so far; `None` if script code has to say.
fn is_better(cx: &mut Cx<'_>, item: Value, best: Value, largest: bool) -> Result<Option<bool>, Raise> {
    if let (Some(item), Some(best)) = (item.as_int(), best.as_int()) {
        return Ok(Some(if largest { item > best } else { item < best }));
    }
    let op = if largest { CompareOp::Gt } else { CompareOp::Lt };
    Ok(match compare(cx, op, item, best)? {
        Outcome::Return(better) => truth_native(cx, better),
        _ => None,
    })
}

/// The extreme one of several numbers; `None` (and nothing has run) if there is anything else among them.
fn extreme_of_few(cx: &mut Cx<'_>, first: Value, rest: &[Value], largest: bool) -> Result<Option<Value>, Raise> {
    let is_number = |value: &Value| matches!(value.tag(), Tag::Int | Tag::Float);
    if !is_number(&first) || !rest.iter().all(is_number) {
        return Ok(None);
    }
    let mut best = first;
    for &item in rest {
        if is_better(cx, item, best, largest)? == Some(true) {
            best = item;
        }
    }
    Ok(Some(best))
}

fn extreme_by_script(cx: &mut Cx<'_>, iterable: Value, key: Value, default: Value, largest: bool) -> NativeResult {
    let no_default = default.is_undefined();
    let default = if no_default { Value::NONE } else { default };
    let args = [iterable, key, Value::bool(largest), Value::bool(no_default), default];
    Ok(Outcome::tail_call(cx.prelude("_extreme"), &args))
}

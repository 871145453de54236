//! The types `range` and `slice`.

use num_bigint::BigInt;
use num_traits::Zero;

use super::receiver::{base_value, int_argument, made, receiver, retry_with_index};
use super::types::BuiltinType;
use crate::error::Raise;
use crate::heap::{BigRange, Class, Gc, Range, RangeIter, Slice};
use crate::native::{ClassBuilder, Cx, ModuleBuilder, NativeResult, Outcome};
use crate::op::CompareOp;
use crate::operate::number::charge_bits;
use crate::operate::subscript::{Index, index_of, resolve};
use crate::operate::{big_range, containers, iterate, subscript};
use crate::value::Value;

/// Gives the classes their methods.
pub(crate) fn define(module: &mut ModuleBuilder<'_>, types: &[Gc<Class>]) {
    let builder = module
        .class("range", "Ints from start to stop (exclusive) by step.")
        .raw_static(
            "__new__(cls, start, stop=..., step=..., /)",
            "range(stop) or range(start, stop[, step])",
            new_range,
        )
        .raw("index(self, value, /)", "The index of value.", index)
        .raw("count(self, value, /)", "How often value occurs.", |cx, args| {
            containers::contains(cx, args[0], args[1])?
                .and_then(cx, |_, found| Ok(Outcome::Return(Value::int(i64::from(found.same(Value::TRUE))))))
        })
        .raw_getter("start", "The first element.", |cx, args| range_part(cx, args, "start", |range| range.start))
        .raw_getter("stop", "One past the last.", |cx, args| range_part(cx, args, "stop", |range| range.stop))
        .raw_getter("step", "The distance.", |cx, args| range_part(cx, args, "step", |range| range.step))
        .raw("__len__(self, /)", "", |cx, args| iterate::length(cx, args[0]))
        .raw("__getitem__(self, key, /)", "", |cx, args| subscript::get_item(cx, args[0], args[1]))
        .raw("__contains__(self, item, /)", "", |cx, args| containers::contains(cx, args[0], args[1]))
        .raw("__iter__(self, /)", "", |cx, args| iterate::iter(cx, args[0]))
        .raw("__reversed__(self, /)", "", |cx, args| {
            let range = range(cx, args, "__reversed__")?;
            super::iterators::reversed(cx, &[range])
        });
    hash_and_equality(builder).into_class(types[BuiltinType::Range as usize]);
    let builder = module
        .class("slice", "What stands between brackets: start:stop:step.")
        .raw_static(
            "__new__(cls, start, stop=..., step=None, /)",
            "slice(stop) or slice(start, stop[, step])",
            new_slice,
        )
        .raw("indices(self, length, /)", "(start, stop, step) for a sequence of this length.", indices)
        .raw_getter("start", "The first bound.", |cx, args| slice_part(cx, args, "start", |slice| slice.start))
        .raw_getter("stop", "The second bound.", |cx, args| slice_part(cx, args, "stop", |slice| slice.stop))
        .raw_getter("step", "The distance.", |cx, args| slice_part(cx, args, "step", |slice| slice.step));
    hash_and_equality(builder).into_class(types[BuiltinType::Slice as usize]);
}

fn hash_and_equality<'b, 'a>(builder: ClassBuilder<'b, 'a>) -> ClassBuilder<'b, 'a> {
    builder.raw("__hash__(self, /)", "", |cx, args| crate::operate::hash(cx, args[0])).raw(
        "__eq__(self, other, /)",
        "",
        |cx, args| {
            let same_type = BuiltinType::of(args[0]) == BuiltinType::of(args[1]);
            if !same_type {
                return Ok(Outcome::Return(Value::NOT_IMPLEMENTED));
            }
            crate::operate::compare::compare(cx, CompareOp::Eq, args[0], args[1])
        },
    )
}

/// The receiver: a range of either kind.
fn range(cx: &Cx<'_>, args: &[Value], method: &str) -> Result<Value, Raise> {
    if args[0].is::<BigRange>() {
        return Ok(args[0]);
    }
    receiver::<Range>(cx, args[0], "range", method).map(Value::obj)
}

fn range_part(cx: &mut Cx<'_>, args: &[Value], name: &str, part: fn(BigRange) -> BigInt) -> NativeResult {
    let range = range(cx, args, name)?;
    let part = big_range::of(cx.heap(), range).map(part).unwrap_or_default();
    Ok(Outcome::Return(cx.int(part)))
}

fn slice_part(cx: &mut Cx<'_>, args: &[Value], name: &str, part: fn(Slice) -> Value) -> NativeResult {
    let slice = receiver::<Slice>(cx, args[0], "slice", name)?;
    Ok(Outcome::Return(part(*slice.get(cx.heap()))))
}

fn new_range(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let mut ints = [0_i64, 0, 1];
    let mut big = false;
    for (at, int) in ints.iter_mut().enumerate() {
        let arg = args[at + 1];
        if !arg.is_undefined() {
            match index_of(cx, arg) {
                Index::Int(value) => *int = value,
                Index::Huge(_) => big = true,
                Index::Script => return retry_with_index(cx, args, at + 1, new_range),
                Index::Other => {
                    let found = cx.type_name(arg);
                    return Err(Raise::type_error(format!("'{found}' object cannot be interpreted as an integer")));
                }
            }
        }
    }
    if big {
        return new_big_range(cx, args, ints);
    }
    let [start, stop, step] = ints;
    if step == 0 {
        return Err(Raise::value_error("range() arg 3 must not be zero"));
    }
    let range =
        if args[2].is_undefined() { Range { start: 0, stop: start, step } } else { Range { start, stop, step } };
    let value = cx.heap_mut().value(range);
    made(cx, args[0], BuiltinType::Range, value).map(Outcome::Return)
}

/// A range some of whose arguments are beyond 64 bits; `ints` has the others.
#[cold]
fn new_big_range(cx: &mut Cx<'_>, args: &[Value], ints: [i64; 3]) -> NativeResult {
    let argument = |cx: &Cx<'_>, at: usize| match cx.as_big(base_value(cx, args[at + 1])) {
        Some(big) => big.clone(),
        None => BigInt::from(ints[at]),
    };
    let [start, stop, step] = [argument(cx, 0), argument(cx, 1), argument(cx, 2)];
    if step.is_zero() {
        return Err(Raise::value_error("range() arg 3 must not be zero"));
    }
    let range = if args[2].is_undefined() {
        BigRange { start: BigInt::ZERO, stop: start, step }
    } else {
        BigRange { start, stop, step }
    };
    let bits = range.start.bits().max(range.stop.bits()).max(range.step.bits());
    charge_bits(cx, bits.saturating_mul(3))?;
    let value = big_range::store(cx, range);
    made(cx, args[0], BuiltinType::Range, value).map(Outcome::Return)
}

/// The iterator over a range backwards.
pub(crate) fn reversed_range(range: Range) -> RangeIter {
    let left = range.len();
    let next = if left == 0 { range.start } else { range.at(left - 1) };
    RangeIter { next, step: range.step.wrapping_neg(), left }
}

fn index(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let range = range(cx, args, "index")?;
    let Some(value) = cx.to_big(args[1]) else {
        return Ok(Outcome::tail_call(cx.prelude("_range_index"), &[range, args[1]]));
    };
    let index = big_range::of(cx.heap(), range).and_then(|range| range.index_of(&value));
    match index {
        Some(index) => Ok(Outcome::Return(cx.int(index))),
        None => crate::operate::repr(cx, args[1])?.and_then(cx, |cx, text| {
            Err(Raise::value_error(format!("{} is not in range", cx.as_str(text).unwrap_or_default())))
        }),
    }
}

fn new_slice(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let slice = if args[2].is_undefined() {
        Slice { start: Value::NONE, stop: args[1], step: Value::NONE }
    } else {
        Slice { start: args[1], stop: args[2], step: args[3] }
    };
    Ok(Outcome::Return(cx.heap_mut().value(slice)))
}

fn indices(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let slice = receiver::<Slice>(cx, args[0], "slice", "indices")?;
    let Some(length) = int_argument(cx, args[1])? else { return retry_with_index(cx, args, 1, indices) };
    let Ok(length) = usize::try_from(length) else {
        return Err(Raise::value_error("length should not be negative"));
    };
    let slice = *slice.get(cx.heap());
    match resolve(cx, slice, length)? {
        Some(selection) => {
            let parts = [selection.start, selection.stop, selection.step].map(Value::int);
            Ok(Outcome::Return(cx.tuple(&parts)))
        }
        None => Ok(Outcome::tail_call(cx.prelude("_slice_indices"), &[args[0], args[1]])),
    }
}

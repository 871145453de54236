//! The types `range` and `slice`.

use super::receiver::{int_argument, made, receiver, retry_with_index};
use super::types::BuiltinType;
use crate::error::Raise;
use crate::heap::{Class, Gc, Range, RangeIter, Slice};
use crate::native::{ClassBuilder, Cx, ModuleBuilder, NativeResult, Outcome};
use crate::op::CompareOp;
use crate::operate::subscript::resolve;
use crate::operate::{containers, iterate, subscript};
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
            Ok(Outcome::Return(cx.heap_mut().value(reversed_range(range))))
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
            if args[0].kind() != args[1].kind() {
                return Ok(Outcome::Return(Value::NOT_IMPLEMENTED));
            }
            crate::operate::compare::compare(cx, CompareOp::Eq, args[0], args[1])
        },
    )
}

fn range(cx: &Cx<'_>, args: &[Value], method: &str) -> Result<Range, Raise> {
    receiver::<Range>(cx, args[0], "range", method).map(|range| *range.get(cx.heap()))
}

fn range_part(cx: &mut Cx<'_>, args: &[Value], name: &str, part: fn(Range) -> i64) -> NativeResult {
    let range = range(cx, args, name)?;
    Ok(Outcome::Return(Value::int(part(range))))
}

fn slice_part(cx: &mut Cx<'_>, args: &[Value], name: &str, part: fn(Slice) -> Value) -> NativeResult {
    let slice = receiver::<Slice>(cx, args[0], "slice", name)?;
    Ok(Outcome::Return(part(*slice.get(cx.heap()))))
}

fn new_range(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let mut ints = [0_i64, 0, 1];
    for (at, int) in ints.iter_mut().enumerate() {
        let arg = args[at + 1];
        if !arg.is_undefined() {
            match int_argument(cx, arg)? {
                Some(value) => *int = value,
                None => return retry_with_index(cx, args, at + 1, new_range),
            }
        }
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

/// The iterator over a range backwards.
pub(crate) fn reversed_range(range: Range) -> RangeIter {
    let left = range.len();
    let next = if left == 0 { range.start } else { range.at(left - 1) };
    RangeIter { next, step: range.step.wrapping_neg(), left }
}

fn index(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let range = range(cx, args, "index")?;
    let value = args[1].as_int().or(args[1].as_bool().map(i64::from));
    match value.and_then(|value| range.index_of(value)) {
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

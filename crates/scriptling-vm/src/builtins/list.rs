//! The type `list`.
//!
//! Methods that compare elements (`index`, `count`, `remove`) do so natively as long as they can and else start over in the
//! prelude. Sorting is in `sort`.

use super::quick;
use super::receiver::{bound_argument, int_argument, made, mutate, receiver, retry_with_index};
use super::sort;
use super::types::BuiltinType;
use crate::error::Raise;
use crate::heap::{Class, Gc, Iter, List};
use crate::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use crate::op::{BinaryOp, CompareOp};
use crate::operate::containers;
use crate::operate::iterate;
use crate::operate::subscript;
use crate::value::Value;

/// Gives the class its methods.
pub(crate) fn define(module: &mut ModuleBuilder<'_>, class: Gc<Class>) {
    let help = "A mutable sequence.";
    let builder = module
        .class("list", help)
        .raw_static("__new__(cls, /, *args, **kwargs)", "An empty list, for `__init__` to fill.", new)
        .raw_static("<make>(cls, iterable=(), /)", "A list of the elements of an iterable.", |cx, args| {
            iterate::collect(cx, args[1])
        })
        .raw("__init__(self, iterable=(), /)", "Replaces the elements by those of an iterable.", init)
        .raw("append(self, object, /)", "Append object to the end of the list.", append)
        .quick(quick::append)
        .raw("extend(self, iterable, /)", "Append all elements of an iterable.", extend)
        .raw("insert(self, index, object, /)", "Insert object before index.", insert)
        .raw("pop(self, index=-1, /)", "Remove and return the item at index (default last).", pop)
        .quick(quick::pop)
        .raw("remove(self, value, /)", "Remove the first occurrence of value.", remove)
        .raw("index(self, value, start=0, stop=9223372036854775807, /)", "The first index of value.", index)
        .raw("count(self, value, /)", "The number of occurrences of value.", count)
        .raw(
            "sort(self, /, *, key=None, reverse=False)",
            "Sort in ascending order, in place and stably.",
            sort::list_sort,
        )
        .raw("reverse(self, /)", "Reverse in place.", reverse)
        .raw("copy(self, /)", "A shallow copy.", copy)
        .raw("clear(self, /)", "Remove all items.", clear);
    let builder = builder
        .raw("__len__(self, /)", "", len)
        .raw("__getitem__(self, key, /)", "", get_item)
        .raw("__setitem__(self, key, value, /)", "", set_item)
        .raw("__delitem__(self, key, /)", "", delete_item)
        .raw("__contains__(self, item, /)", "", contains)
        .raw("__iter__(self, /)", "", iter)
        .raw("__reversed__(self, /)", "", reversed)
        .raw("__add__(self, other, /)", "", |cx, args| operator(cx, BinaryOp::Add, args[0], args[1], false))
        .raw("__iadd__(self, other, /)", "", |cx, args| operator(cx, BinaryOp::Add, args[0], args[1], true))
        .raw("__mul__(self, count, /)", "", |cx, args| operator(cx, BinaryOp::Mul, args[0], args[1], false))
        .raw("__rmul__(self, count, /)", "", |cx, args| operator(cx, BinaryOp::Mul, args[0], args[1], false))
        .raw("__imul__(self, count, /)", "", |cx, args| operator(cx, BinaryOp::Mul, args[0], args[1], true));
    comparisons(builder).into_class(class);
}

/// The comparison methods that every container class has.
pub(crate) fn comparisons<'b, 'a>(builder: crate::native::ClassBuilder<'b, 'a>) -> crate::native::ClassBuilder<'b, 'a> {
    builder
        .raw("__eq__(self, other, /)", "", |cx, args| compare(cx, CompareOp::Eq, args))
        .raw("__ne__(self, other, /)", "", |cx, args| compare(cx, CompareOp::Ne, args))
        .raw("__lt__(self, other, /)", "", |cx, args| compare(cx, CompareOp::Lt, args))
        .raw("__le__(self, other, /)", "", |cx, args| compare(cx, CompareOp::Le, args))
        .raw("__gt__(self, other, /)", "", |cx, args| compare(cx, CompareOp::Gt, args))
        .raw("__ge__(self, other, /)", "", |cx, args| compare(cx, CompareOp::Ge, args))
}

fn compare(cx: &mut Cx<'_>, op: CompareOp, args: &[Value]) -> NativeResult {
    let (left, right) = (super::receiver::base_value(cx, args[0]), super::receiver::base_value(cx, args[1]));
    if left.kind() != right.kind() {
        return Ok(Outcome::Return(Value::NOT_IMPLEMENTED));
    }
    crate::operate::compare::compare(cx, op, left, right)
}

/// A binary operator as a method: `NotImplemented` where the operator does not apply.
pub(crate) fn operator(cx: &mut Cx<'_>, op: BinaryOp, left: Value, right: Value, inplace: bool) -> NativeResult {
    let base = super::receiver::base_value(cx, left);
    let outcome = containers::binary(cx, op, base, right, inplace)?;
    match outcome {
        // The in-place form returns the receiver, not the list inside it.
        Some(outcome) if inplace && !base.same(left) => {
            let kept = cx.keep(left);
            outcome.and_then(cx, move |cx, _| Ok(Outcome::Return(cx.kept(kept))))
        }
        Some(outcome) => Ok(outcome),
        None => Ok(Outcome::Return(Value::NOT_IMPLEMENTED)),
    }
}

fn this(cx: &Cx<'_>, args: &[Value], method: &str) -> Result<Gc<List>, Raise> {
    receiver(cx, args[0], "list", method)
}

fn none() -> NativeResult {
    Ok(Outcome::Return(Value::NONE))
}

fn new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let empty = cx.list(&[]);
    made(cx, args[0], BuiltinType::List, empty).map(Outcome::Return)
}

fn init(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list = this(cx, args, "__init__")?;
    list.get_mut(cx.heap_mut()).clear();
    containers::extend(cx, list, args[1])?.and_then(cx, |_, _| none())
}

fn append(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list = this(cx, args, "append")?;
    cx.isolate.list_push(list, args[1]);
    none()
}

fn extend(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list = this(cx, args, "extend")?;
    containers::extend(cx, list, args[1])?.and_then(cx, |_, _| none())
}

fn insert(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list = this(cx, args, "insert")?;
    let index = match args[1].as_int() {
        Some(index) => index,
        None => match int_argument(cx, args[1])? {
            Some(index) => index,
            None => return retry_with_index(cx, args, 1, insert),
        },
    };
    let len = list.get(cx.heap()).len() as i64;
    let at = if index < 0 { (index + len).max(0) } else { index.min(len) };
    cx.charge_work((len - at) as usize / 8);
    mutate(cx, list, |list| list.insert(at as usize, args[2]));
    none()
}

fn pop(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list = this(cx, args, "pop")?;
    let index = match args[1].as_int() {
        Some(index) => index,
        None => match int_argument(cx, args[1])? {
            Some(index) => index,
            None => return retry_with_index(cx, args, 1, pop),
        },
    };
    let len = list.get(cx.heap()).len();
    if len == 0 {
        return Err(Raise::index_error("pop from empty list"));
    }
    let at = if index < 0 { index + len as i64 } else { index };
    let Some(at) = usize::try_from(at).ok().filter(|&at| at < len) else {
        return Err(Raise::index_error("pop index out of range"));
    };
    cx.charge_work((len - at) / 8);
    let list = list.get_mut(cx.heap_mut());
    let item = if at + 1 == len { list.pop().unwrap_or(Value::NONE) } else { list.remove(at) };
    Ok(Outcome::Return(item))
}

fn remove(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list = this(cx, args, "remove")?;
    let len = list.get(cx.heap()).len();
    match containers::position_of(cx, Value::obj(list), args[1], 0, len)? {
        Ok(Some(at)) => {
            list.get_mut(cx.heap_mut()).remove(at);
            none()
        }
        Ok(None) => Err(Raise::value_error("list.remove(x): x not in list")),
        Err(()) => Ok(Outcome::tail_call(cx.prelude("_list_remove"), &[Value::obj(list), args[1]])),
    }
}

fn index(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list = this(cx, args, "index")?;
    sequence_index(cx, args, Value::obj(list), index)
}

/// `index` of lists and tuples; `native` is the method itself.
pub(crate) fn sequence_index(
    cx: &mut Cx<'_>,
    args: &[Value],
    sequence: Value,
    native: crate::native::RawNative,
) -> NativeResult {
    let Some(start) = bound_argument(cx, args[2])? else { return retry_with_index(cx, args, 2, native) };
    let Some(stop) = bound_argument(cx, args[3])? else { return retry_with_index(cx, args, 3, native) };
    let len = iterate::length_native(cx, sequence).unwrap_or(0) as i64;
    let clamp = |bound: i64| if bound < 0 { bound.saturating_add(len).max(0) } else { bound.min(len) } as usize;
    let (start, stop) = (clamp(start), clamp(stop));
    match containers::position_of(cx, sequence, args[1], start, stop)? {
        Ok(Some(at)) => Ok(Outcome::Return(Value::int(at as i64))),
        Ok(None) if sequence.is::<List>() => crate::operate::repr(cx, args[1])?.and_then(cx, |cx, text| {
            let message = format!("{} is not in list", cx.as_str(text).unwrap_or_default());
            Err(Raise::value_error(message))
        }),
        Ok(None) => Err(Raise::value_error("tuple.index(x): x not in tuple")),
        Err(()) => {
            let args = [sequence, args[1], Value::int(start as i64), Value::int(stop as i64)];
            Ok(Outcome::tail_call(cx.prelude("_sequence_index"), &args))
        }
    }
}

fn count(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list = this(cx, args, "count")?;
    sequence_count(cx, Value::obj(list), args[1])
}

/// `count` of lists and tuples.
pub(crate) fn sequence_count(cx: &mut Cx<'_>, sequence: Value, value: Value) -> NativeResult {
    let items = cx.sequence(sequence).unwrap_or_default();
    cx.charge_work(items.len());
    let mut found = 0;
    for item in items {
        match containers::same_or_equal(cx, item, value)? {
            Some(equal) => found += i64::from(equal),
            None => return Ok(Outcome::tail_call(cx.prelude("_sequence_count"), &[sequence, value])),
        }
    }
    Ok(Outcome::Return(Value::int(found)))
}

fn reverse(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list = this(cx, args, "reverse")?;
    cx.charge_work(list.get(cx.heap()).len() / 4);
    list.get_mut(cx.heap_mut()).reverse();
    none()
}

fn copy(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list = this(cx, args, "copy")?;
    iterate::copy_list(cx, list).map(Outcome::Return)
}

fn clear(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list = this(cx, args, "clear")?;
    list.get_mut(cx.heap_mut()).clear();
    none()
}

fn len(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list = this(cx, args, "__len__")?;
    Ok(Outcome::Return(Value::int(list.get(cx.heap()).len() as i64)))
}

fn get_item(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list = this(cx, args, "__getitem__")?;
    subscript::get_item(cx, Value::obj(list), args[1])
}

fn set_item(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list = this(cx, args, "__setitem__")?;
    subscript::set_of_list(cx, list, args[1], args[2])?.and_then(cx, |_, _| none())
}

fn delete_item(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list = this(cx, args, "__delitem__")?;
    subscript::delete_of_list(cx, list, args[1])?.and_then(cx, |_, _| none())
}

fn contains(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list = this(cx, args, "__contains__")?;
    containers::contains(cx, Value::obj(list), args[1])
}

fn iter(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list = this(cx, args, "__iter__")?;
    iterate::iter(cx, Value::obj(list))
}

fn reversed(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list = this(cx, args, "__reversed__")?;
    let index = list.get(cx.heap()).len();
    Ok(Outcome::Return(cx.heap_mut().value(Iter::ListReversed { list, index })))
}

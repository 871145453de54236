//! The type `tuple`.

use super::list::{comparisons, operator, sequence_count, sequence_index};
use super::receiver::{made, receiver};
use super::types::BuiltinType;
use crate::error::Raise;
use crate::heap::{Class, Gc, Tuple};
use crate::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use crate::op::BinaryOp;
use crate::operate::{containers, iterate, subscript};
use crate::value::Value;

/// Gives the class its methods.
pub(crate) fn define(module: &mut ModuleBuilder<'_>, class: Gc<Class>) {
    let builder = module
        .class("tuple", "An immutable sequence.")
        .raw_static("__new__(cls, iterable=(), /)", "A tuple of the elements of an iterable.", new)
        .raw("index(self, value, start=0, stop=9223372036854775807, /)", "The first index of value.", index)
        .raw("count(self, value, /)", "The number of occurrences of value.", count)
        .raw("__len__(self, /)", "", len)
        .raw("__getitem__(self, key, /)", "", get_item)
        .raw("__contains__(self, item, /)", "", contains)
        .raw("__iter__(self, /)", "", iter)
        .raw("__hash__(self, /)", "", hash)
        .raw("__add__(self, other, /)", "", |cx, args| operator(cx, BinaryOp::Add, args[0], args[1], false))
        .raw("__mul__(self, count, /)", "", |cx, args| operator(cx, BinaryOp::Mul, args[0], args[1], false))
        .raw("__rmul__(self, count, /)", "", |cx, args| operator(cx, BinaryOp::Mul, args[0], args[1], false));
    comparisons(builder).into_class(class);
}

fn this(cx: &Cx<'_>, args: &[Value], method: &str) -> Result<Gc<Tuple>, Raise> {
    receiver(cx, args[0], "tuple", method)
}

fn new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let class = cx.keep(args[0]);
    to_tuple(cx, args[1])?
        .and_then(cx, move |cx, tuple| made(cx, cx.kept(class), BuiltinType::Tuple, tuple).map(Outcome::Return))
}

/// `tuple(iterable)`.
pub(crate) fn to_tuple(cx: &mut Cx<'_>, iterable: Value) -> NativeResult {
    if iterable.is::<Tuple>() {
        return Ok(Outcome::Return(iterable));
    }
    iterate::with_items(cx, iterable, |cx, items| iterate::new_tuple(cx, &items).map(Outcome::Return))
}

fn index(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let tuple = this(cx, args, "index")?;
    sequence_index(cx, args, Value::obj(tuple), index)
}

fn count(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let tuple = this(cx, args, "count")?;
    sequence_count(cx, Value::obj(tuple), args[1])
}

fn len(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let tuple = this(cx, args, "__len__")?;
    Ok(Outcome::Return(Value::int(tuple.count() as i64)))
}

fn get_item(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let tuple = this(cx, args, "__getitem__")?;
    subscript::get_item(cx, Value::obj(tuple), args[1])
}

fn contains(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let tuple = this(cx, args, "__contains__")?;
    containers::contains(cx, Value::obj(tuple), args[1])
}

fn iter(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let tuple = this(cx, args, "__iter__")?;
    iterate::iter(cx, Value::obj(tuple))
}

fn hash(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let tuple = this(cx, args, "__hash__")?;
    crate::operate::hash(cx, Value::obj(tuple))
}

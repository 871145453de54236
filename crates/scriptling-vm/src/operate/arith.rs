//! Binary and unary operators on values of any type, and conversion to an index (`__index__`).
//!
//! Numbers, text and containers are handled natively. Where an operand's class defines the operator's method, the methods
//! are tried in the language's order: the right one's first if its class inherits from the left one's and overrides it,
//! then the left one's, then the right one's if the classes differ. Concatenation and repetition of sequences come last.

use num_traits::{Signed, ToPrimitive};

use super::dispatch::{Attempt, base_value, custom, first_answer, is_custom, right_goes_first};
use super::{containers, number, percent};
use crate::error::Raise;
use crate::heap::{Bytes, Gc, Kind, Str};
use crate::native::{Cx, NativeResult, Outcome};
use crate::op::BinaryOp;
use crate::value::Value;

/// Unary operators (`not` is the truth's business).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    /// `-`
    Neg,
    /// `+`
    Pos,
    /// `~`
    Invert,
}

impl UnaryOp {
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            UnaryOp::Neg => ("-", "__neg__"),
            UnaryOp::Pos => ("+", "__pos__"),
            UnaryOp::Invert => ("~", "__invert__"),
        }
    }
}

/// `left op right`, or `left op= right` if `inplace`.
pub(crate) fn binary(cx: &mut Cx<'_>, op: BinaryOp, left: Value, right: Value, inplace: bool) -> NativeResult {
    if op == BinaryOp::Add
        && let (Some(head), Some(tail)) = (left.as_gc::<Str>(), right.as_gc::<Str>())
    {
        return concatenate(cx, head, tail).map(Outcome::Return);
    }
    if is_custom(left) || is_custom(right) {
        return binary_custom(cx, op, left, right, inplace);
    }
    match binary_native(cx, op, left, right, inplace)? {
        Some(outcome) => Ok(outcome),
        None => Err(unsupported(cx, op, left, right, inplace)),
    }
}

/// The operators of builtin types; `None` if they do not define this one for these operands.
pub(crate) fn binary_native(
    cx: &mut Cx<'_>,
    op: BinaryOp,
    left: Value,
    right: Value,
    inplace: bool,
) -> Result<Option<Outcome>, Raise> {
    if let Some(result) = number::binary(cx, op, left, right)? {
        return Ok(Some(Outcome::Return(result)));
    }
    if number::is_number(left) && number::is_number(right) {
        return Ok(None);
    }
    if op == BinaryOp::Mod && (left.is::<Str>() || left.is::<Bytes>()) {
        return percent::percent(cx, left, right).map(Some);
    }
    if let Some(result) = text_binary(cx, op, left, right)? {
        return Ok(Some(Outcome::Return(result)));
    }
    containers::binary(cx, op, left, right, inplace)
}

fn binary_custom(cx: &mut Cx<'_>, op: BinaryOp, left: Value, right: Value, inplace: bool) -> NativeResult {
    let (_, plain, reflected, in_place) = op.names();
    let attempt = |method, receiver, argument| Attempt { method, receiver, argument, negate: false };
    let mut attempts = Vec::with_capacity(3);
    if inplace {
        attempts.extend(custom(cx, left, in_place).map(|method| attempt(method, left, right)));
    }
    let right_first = right_goes_first(cx, left, right, reflected);
    let right_method = custom(cx, right, reflected).map(|method| attempt(method, right, left));
    if right_first {
        attempts.extend(right_method);
    }
    let left_method = custom(cx, left, plain).map(|method| attempt(method, left, right));
    let left_is_native = left_method.is_none();
    attempts.extend(left_method);
    if left_is_native && attempts.is_empty() {
        // The left type's own operator goes before the right one's reflected method; concatenation comes after it.
        let (a, b) = (base_value(cx, left), base_value(cx, right));
        let early = match op {
            BinaryOp::Mod if a.is::<Str>() || a.is::<Bytes>() => Some(percent::percent(cx, a, right)?),
            BinaryOp::Add if inplace && a.kind() == Some(Kind::List) => native_on_base(cx, op, left, right, true)?,
            _ => number::binary(cx, op, a, b)?.map(Outcome::Return),
        };
        if let Some(outcome) = early {
            return Ok(outcome);
        }
    }
    if !right_first && cx.class_of(left) != cx.class_of(right) {
        attempts.extend(right_method);
    }
    if attempts.is_empty() {
        return last_resort(cx, op, left, right, inplace);
    }
    let (left, right) = (cx.keep(left), cx.keep(right));
    first_answer(cx, &attempts, move |cx| {
        let (left, right) = (cx.kept(left), cx.kept(right));
        last_resort(cx, op, left, right, inplace)
    })
}

/// What is left when no special method answered: the builtin values inside the operands, or the `TypeError`.
fn last_resort(cx: &mut Cx<'_>, op: BinaryOp, left: Value, right: Value, inplace: bool) -> NativeResult {
    if op == BinaryOp::Mul {
        // A sequence is repeated by whatever has `__index__`.
        for (sequence, count) in [(left, right), (right, left)] {
            let base = base_value(cx, sequence);
            let is_sequence = matches!(base.kind(), Some(Kind::Str | Kind::Bytes | Kind::List | Kind::Tuple));
            if is_sequence && custom(cx, count, "__index__").is_some() {
                let (sequence, base) = (cx.keep(sequence), cx.keep(base));
                return index(cx, count)?.and_then(cx, move |cx, count| {
                    let (sequence, base) = (cx.kept(sequence), cx.kept(base));
                    match binary_native(cx, op, base, count, inplace)? {
                        Some(outcome) => Ok(outcome),
                        None => Err(unsupported(cx, op, sequence, count, inplace)),
                    }
                });
            }
        }
    }
    match native_on_base(cx, op, left, right, inplace)? {
        Some(outcome) => Ok(outcome),
        None => Err(unsupported(cx, op, left, right, inplace)),
    }
}

/// The native operator on the builtin values inside the operands. A value changed in place stays inside its instance.
fn native_on_base(
    cx: &mut Cx<'_>,
    op: BinaryOp,
    left: Value,
    right: Value,
    inplace: bool,
) -> Result<Option<Outcome>, Raise> {
    let (a, b) = (base_value(cx, left), base_value(cx, right));
    let Some(outcome) = binary_native(cx, op, a, b, inplace)? else { return Ok(None) };
    if !inplace || a.same(left) {
        return Ok(Some(outcome));
    }
    let (inner, outer) = (cx.keep(a), cx.keep(left));
    let outcome = outcome.and_then(cx, move |cx, result| {
        let changed_in_place = result.same(cx.kept(inner));
        Ok(Outcome::Return(if changed_in_place { cx.kept(outer) } else { result }))
    })?;
    Ok(Some(outcome))
}

/// Concatenation and repetition of `str` and `bytes`, with the errors of all sequences' repetition.
fn text_binary(cx: &mut Cx<'_>, op: BinaryOp, left: Value, right: Value) -> Result<Option<Value>, Raise> {
    match op {
        BinaryOp::Add if left.is::<Str>() => match (left.as_gc::<Str>(), right.as_gc::<Str>()) {
            (Some(head), Some(tail)) => concatenate(cx, head, tail).map(Some),
            _ => {
                let found = cx.type_name(right);
                Err(Raise::type_error(format!("can only concatenate str (not \"{found}\") to str")))
            }
        },
        BinaryOp::Add if left.is::<Bytes>() => match (cx.as_bytes(left), cx.as_bytes(right)) {
            (Some(a), Some(b)) => {
                let length = a.len() + b.len();
                cx.reserve(length)?;
                let (Some(a), Some(b)) = (cx.as_bytes(left), cx.as_bytes(right)) else { return Ok(None) };
                let joined = [a, b].concat();
                Ok(Some(cx.bytes(&joined)))
            }
            _ => Err(Raise::type_error(format!("can't concat {} to bytes", cx.type_name(right)))),
        },
        BinaryOp::Mul => repeat_text(cx, left, right),
        _ => Ok(None),
    }
}

fn concatenate(cx: &mut Cx<'_>, head: Gc<Str>, tail: Gc<Str>) -> Result<Value, Raise> {
    let length = |text: Gc<Str>| text.get(cx.heap()).as_str().len();
    let length = length(head) + length(tail);
    cx.reserve(length)?;
    Ok(cx.heap_mut().concatenate(head, tail))
}

fn repeat_text(cx: &mut Cx<'_>, left: Value, right: Value) -> Result<Option<Value>, Raise> {
    let is_text = |value: Value| value.is::<Str>() || value.is::<Bytes>();
    let (sequence, count) = if is_text(left) {
        (left, right)
    } else if is_text(right) {
        (right, left)
    } else {
        return Ok(None);
    };
    if matches!(count.kind(), Some(Kind::List | Kind::Tuple)) {
        // The containers' repetition words the error for `[1] * 'a'` and `'a' * [1]` alike.
        let found = cx.type_name(if is_text(left) { right } else { sequence });
        return Err(Raise::type_error(format!("can't multiply sequence by non-int of type '{found}'")));
    }
    let Some(count) = repeat_count(cx, count)? else { return Ok(None) };
    if let Some(text) = cx.as_str(sequence) {
        let length = checked_product(text.len(), count)?;
        cx.reserve(length)?;
        cx.charge_work(length / 8);
        let text = cx.as_str(sequence).unwrap_or_default().repeat(count);
        return Ok(Some(cx.str(text)));
    }
    let length = checked_product(cx.as_bytes(sequence).map_or(0, <[u8]>::len), count)?;
    cx.reserve(length)?;
    cx.charge_work(length / 8);
    let bytes = cx.as_bytes(sequence).unwrap_or_default().repeat(count);
    Ok(Some(cx.bytes(&bytes)))
}

fn checked_product(length: usize, count: usize) -> Result<usize, Raise> {
    length.checked_mul(count).ok_or_else(Raise::memory_error)
}

/// How often a sequence is to be repeated: negative counts are 0, huge ones an `OverflowError`, non-ints a `TypeError`.
pub(crate) fn repeat_count(cx: &Cx<'_>, count: Value) -> Result<Option<usize>, Raise> {
    if let Some(count) = number::small(count) {
        return Ok(Some(count.max(0) as usize));
    }
    if let Some(big) = cx.as_big(count) {
        if big.is_negative() {
            return Ok(Some(0));
        }
        return Err(Raise::overflow_error("cannot fit 'int' into an index-sized integer"));
    }
    Err(Raise::type_error(format!("can't multiply sequence by non-int of type '{}'", cx.type_name(count))))
}

/// `op value`.
pub(crate) fn unary(cx: &mut Cx<'_>, op: UnaryOp, value: Value) -> NativeResult {
    let (symbol, name) = op.names();
    if let Some(method) = custom(cx, value, name) {
        return Ok(Outcome::tail_call(method, &[value]));
    }
    let base = base_value(cx, value);
    let result = match op {
        UnaryOp::Neg => number::negate(cx, base),
        UnaryOp::Pos => {
            number::is_number(base).then(|| base.as_bool().map_or(base, |flag| Value::int(i64::from(flag))))
        }
        UnaryOp::Invert => number::invert(cx, base),
    };
    match result {
        Some(result) => Ok(Outcome::Return(result)),
        None => Err(Raise::type_error(format!("bad operand type for unary {symbol}: '{}'", cx.type_name(value)))),
    }
}

/// The int that a value stands for where only an int will do (indices, counts): ints and bools as ints, `__index__`.
pub(crate) fn index(cx: &mut Cx<'_>, value: Value) -> NativeResult {
    if let Some(int) = index_native(cx, value) {
        return Ok(Outcome::Return(int));
    }
    let Some(method) = custom(cx, value, "__index__") else {
        let found = cx.type_name(value);
        return Err(Raise::type_error(format!("'{found}' object cannot be interpreted as an integer")));
    };
    Ok(Outcome::call(method, &[value], |cx, result| {
        let result = result?;
        match index_native(cx, result) {
            Some(int) => Ok(Outcome::Return(int)),
            None => {
                let found = cx.type_name(result);
                Err(Raise::type_error(format!("__index__ returned non-int (type {found})")))
            }
        }
    }))
}

/// The same where it takes no call: ints, bools, and instances of subclasses of int.
pub(crate) fn index_native(cx: &Cx<'_>, value: Value) -> Option<Value> {
    let base = base_value(cx, value);
    if let Some(int) = number::small(base) {
        return Some(Value::int(int));
    }
    base.is::<crate::heap::BigInteger>().then_some(base)
}

/// What `__len__` returned, checked.
pub(crate) fn checked_length(cx: &Cx<'_>, length: Value) -> Result<i64, Raise> {
    let Some(int) = index_native(cx, length) else {
        let found = cx.type_name(length);
        return Err(Raise::type_error(format!("'{found}' object cannot be interpreted as an integer")));
    };
    match (int.as_int(), cx.as_big(int)) {
        (Some(length), _) if length >= 0 => Ok(length),
        (None, Some(big)) if big.to_i64().is_none() && !big.is_negative() => {
            Err(Raise::overflow_error("cannot fit 'int' into an index-sized integer"))
        }
        _ => Err(Raise::value_error("__len__() should return >= 0")),
    }
}

#[cold]
fn unsupported(cx: &Cx<'_>, op: BinaryOp, left: Value, right: Value, inplace: bool) -> Raise {
    let symbol = match (op, inplace) {
        (BinaryOp::Pow, true) => "**=".to_owned(),
        (_, true) => format!("{}=", op.names().0),
        (_, false) => op.names().0.to_owned(),
    };
    let (left, right) = (cx.type_name(left), cx.type_name(right));
    Raise::type_error(format!("unsupported operand type(s) for {symbol}: '{left}' and '{right}'"))
}

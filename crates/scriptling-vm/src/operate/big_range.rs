//! `range` beyond 64 bits, whichever of the two kinds of cell it is in.

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use crate::builtins::receiver::base_value;
use crate::error::Raise;
use crate::heap::{BigRange, Heap, Range, Slice};
use crate::native::Cx;
use crate::operate::number_text;
use crate::operate::subscript::{Index, index_of};
use crate::value::Value;

/// The range behind a value of either kind.
pub(crate) fn of(heap: &Heap, value: Value) -> Option<BigRange> {
    match value.as_gc::<Range>() {
        Some(range) => Some((*range.get(heap)).into()),
        None => value.as_gc::<BigRange>().map(|range| range.get(heap).clone()),
    }
}

/// Whether two ranges have the same elements; `None` if they are not both ranges.
pub(crate) fn equal(heap: &Heap, a: Value, b: Value) -> Option<bool> {
    Some(of(heap, a)?.essence() == of(heap, b)?.essence())
}

/// The range as a value, of the smaller kind if it fits.
pub(crate) fn store(cx: &mut Cx<'_>, range: BigRange) -> Value {
    match range.to_small() {
        Some(small) => cx.heap_mut().value(small),
        None => cx.heap_mut().value(range),
    }
}

/// `repr`.
pub(crate) fn text(cx: &Cx<'_>, value: Value) -> Result<String, Raise> {
    let Some(range) = of(cx.heap(), value) else { return Ok(String::new()) };
    let mut parts = vec![range.start, range.stop];
    if range.step != BigInt::from(1) {
        parts.push(range.step);
    }
    let mut texts = Vec::new();
    for part in parts {
        number_text::check_digits(&part)?;
        texts.push(part.to_string());
    }
    Ok(format!("range({})", texts.join(", ")))
}

/// `range[start:stop:step]`; `None` if a bound takes script code.
pub(crate) fn select(cx: &mut Cx<'_>, range: &BigRange, slice: Slice) -> Result<Option<Value>, Raise> {
    let mut bounds = [None, None, None];
    for (bound, value) in bounds.iter_mut().zip([slice.start, slice.stop, slice.step]) {
        if !value.is_none() {
            *bound = match (cx.to_big(base_value(cx, value)), index_of(cx, value)) {
                (Some(int), _) => Some(int),
                (None, Index::Script) => return Ok(None),
                _ => {
                    let message = "slice indices must be integers or None or have an __index__ method";
                    return Err(Raise::type_error(message));
                }
            };
        }
    }
    let [start, stop, step] = bounds;
    let step = step.unwrap_or_else(|| BigInt::from(1));
    if step.is_zero() {
        return Err(Raise::value_error("slice step cannot be zero"));
    }
    let len = range.len();
    let (lowest, highest) = if step.is_positive() { (BigInt::ZERO, len.clone()) } else { (BigInt::from(-1), &len - 1) };
    let clamp = |bound: BigInt| {
        let bound = if bound.is_negative() { bound + &len } else { bound };
        bound.max(lowest.clone()).min(highest.clone())
    };
    let (first, last) = if step.is_positive() { (&lowest, &highest) } else { (&highest, &lowest) };
    let start = start.map_or_else(|| first.clone(), clamp);
    let stop = stop.map_or_else(|| last.clone(), clamp);
    let selected = BigRange { start: range.at(&start), stop: range.at(&stop), step: step * &range.step };
    Ok(Some(store(cx, selected)))
}

//! Sorting: `list.sort` and `sorted`.
//!
//! Keys that Rust can compare are sorted here, by a stable merge sort whose comparison may fail (the standard library's may
//! panic on an inconsistent order, and scripts make inconsistent orders: NaN). Lists of only ints, floats or strings have
//! fast paths. When a comparison takes script code, nothing has been changed yet and the prelude sorts instead.

use std::cmp::Ordering;

use super::receiver::{given, mutate, receiver};
use crate::error::Raise;
use crate::heap::{Gc, Heap, List, Str, Tuple};
use crate::native::{Cx, NativeResult, Outcome};
use crate::op::CompareOp;
use crate::operate::{iterate, truth_native};
use crate::value::{Tag, Value};

/// Why a sort stopped.
enum Stop {
    /// A comparison takes script code.
    Script,
    /// A comparison raised.
    Raised(Raise),
}

/// `list.sort(key=None, reverse=False)`
pub(crate) fn list_sort(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let list = receiver::<List>(cx, args[0], "list", "sort")?;
    sort_in_place(cx, list, args[1], args[2])
}

/// `sorted(iterable, key=None, reverse=False)`
pub(crate) fn sorted(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (key, reverse) = (cx.keep(args[1]), cx.keep(args[2]));
    iterate::collect(cx, args[0])?.and_then(cx, move |cx, copy| {
        let Some(list) = copy.as_gc::<List>() else { return Ok(Outcome::Return(copy)) };
        let kept = cx.keep(copy);
        let (key, reverse) = (cx.kept(key), cx.kept(reverse));
        sort_in_place(cx, list, key, reverse)?.and_then(cx, move |cx, _| Ok(Outcome::Return(cx.kept(kept))))
    })
}

fn sort_in_place(cx: &mut Cx<'_>, list: Gc<List>, key: Value, reverse: Value) -> NativeResult {
    let reverse = truth_native(cx, reverse).unwrap_or(true);
    if let Some(key) = given(key) {
        let args = [Value::obj(list), key, Value::bool(reverse)];
        return Ok(Outcome::tail_call(cx.prelude("_sort_by_key"), &args));
    }
    let len = list.get(cx.heap()).len();
    charge(cx, len)?;
    if let Some(words) = list.get_mut(cx.heap_mut()).as_ints() {
        // Equal ints cannot be told apart, so stability does not matter.
        words.sort_unstable_by_key(|&word| word as i64);
        if reverse {
            words.reverse();
        }
        return Ok(Outcome::Return(Value::NONE));
    }
    let items = list.get(cx.heap()).to_values();
    match order(cx, &items, reverse)? {
        Some(order) => {
            let sorted: Vec<Value> = order.iter().map(|&at| items[at as usize]).collect();
            mutate(cx, list, |list| *list = List::from_values(&sorted));
            Ok(Outcome::Return(Value::NONE))
        }
        None => Ok(Outcome::tail_call(cx.prelude("_sort_by_methods"), &[Value::obj(list), Value::bool(reverse)])),
    }
}

/// Sorting `len` elements: memory for keys and order, time for about `len * log(len)` comparisons.
fn charge(cx: &mut Cx<'_>, len: usize) -> Result<(), Raise> {
    cx.reserve(len * 32)?;
    cx.charge_work(len * (usize::BITS - len.leading_zeros()) as usize);
    Ok(())
}

/// The positions of `keys` in sorted order; `None` if a comparison takes script code.
pub(crate) fn order(cx: &mut Cx<'_>, keys: &[Value], reverse: bool) -> Result<Option<Vec<u32>>, Raise> {
    let mut order: Vec<u32> = (0..keys.len() as u32).collect();
    if keys.iter().all(|key| key.tag() == Tag::Int) {
        sort_plain(&mut order, reverse, |at| keys[at as usize].payload() as i64, i64::cmp);
        return Ok(Some(order));
    }
    if keys.iter().all(|key| key.as_float().is_some_and(|float| !float.is_nan())) {
        let float = |at: u32| keys[at as usize].as_float().unwrap_or(0.0);
        sort_plain(&mut order, reverse, float, |a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
        return Ok(Some(order));
    }
    if keys.iter().all(|key| key.is::<Str>()) {
        let heap = cx.heap();
        let text = |at: u32| keys[at as usize].as_gc::<Str>().map_or("", |text| text.get(heap).as_str());
        sort_plain(&mut order, reverse, text, Ord::cmp);
        return Ok(Some(order));
    }
    let sorted = merge_sort(&mut order, &mut |a, b| {
        let (a, b) = (keys[a as usize], keys[b as usize]);
        if reverse { less(cx, b, a) } else { less(cx, a, b) }
    });
    match sorted {
        Ok(()) => Ok(Some(order)),
        Err(Stop::Script) => Ok(None),
        Err(Stop::Raised(raise)) => Err(raise),
    }
}

/// Sorts positions by keys with a total order. Descending order keeps equal keys in their original order too.
fn sort_plain<K>(order: &mut [u32], reverse: bool, key: impl Fn(u32) -> K, compare: impl Fn(&K, &K) -> Ordering) {
    if reverse {
        order.sort_by(|&a, &b| compare(&key(b), &key(a)));
    } else {
        order.sort_by(|&a, &b| compare(&key(a), &key(b)));
    }
}

/// The order of two ints, floats or strings; `None` for anything else, and for NaN.
fn plain_order(heap: &Heap, left: Value, right: Value) -> Option<Ordering> {
    if let (Some(left), Some(right)) = (left.as_int(), right.as_int()) {
        return Some(left.cmp(&right));
    }
    if let (Some(left), Some(right)) = (left.as_float(), right.as_float()) {
        return left.partial_cmp(&right);
    }
    let (left, right) = (left.as_gc::<Str>()?, right.as_gc::<Str>()?);
    Some(left.get(heap).as_str().cmp(right.get(heap).as_str()))
}

/// The same, and of tuples of such values: what keys usually are.
fn key_order(heap: &Heap, left: Value, right: Value) -> Option<Ordering> {
    let (Some(left), Some(right)) = (left.as_gc::<Tuple>(), right.as_gc::<Tuple>()) else {
        return plain_order(heap, left, right);
    };
    for (&left, &right) in left.items(heap).iter().zip(right.items(heap)) {
        match plain_order(heap, left, right)? {
            Ordering::Equal => {}
            unequal => return Some(unequal),
        }
    }
    Some(left.count().cmp(&right.count()))
}

fn less(cx: &mut Cx<'_>, left: Value, right: Value) -> Result<bool, Stop> {
    if let Some(order) = key_order(cx.heap(), left, right) {
        return Ok(order == Ordering::Less);
    }
    match crate::operate::compare::compare(cx, CompareOp::Lt, left, right) {
        Ok(Outcome::Return(value)) => truth_native(cx, value).ok_or(Stop::Script),
        Ok(_) => Err(Stop::Script),
        Err(raise) => Err(Stop::Raised(raise)),
    }
}

/// Runs of this length are sorted by insertion before they are merged.
const RUN: usize = 8;

/// A stable merge sort that survives failing and inconsistent comparisons: `items` is a permutation at any time.
fn merge_sort(items: &mut Vec<u32>, less: &mut impl FnMut(u32, u32) -> Result<bool, Stop>) -> Result<(), Stop> {
    for run in items.chunks_mut(RUN) {
        for at in 1..run.len() {
            let mut slot = at;
            while slot > 0 && less(run[slot], run[slot - 1])? {
                run.swap(slot, slot - 1);
                slot -= 1;
            }
        }
    }
    let mut merged = Vec::with_capacity(items.len());
    let mut width = RUN;
    while width < items.len() {
        merged.clear();
        for pair in items.chunks(2 * width) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            // Already in order, as it often is: one comparison instead of a merge.
            if let (Some(&last), Some(&first)) = (left.last(), right.first())
                && !less(first, last)?
            {
                merged.extend_from_slice(pair);
                continue;
            }
            while let (Some(&a), Some(&b)) = (left.first(), right.first()) {
                if less(b, a)? {
                    merged.push(b);
                    right = &right[1..];
                } else {
                    merged.push(a);
                    left = &left[1..];
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(items, &mut merged);
        width *= 2;
    }
    Ok(())
}

/// `_sort_order(keys, reverse)`: a list of positions, or `None` if the keys must be compared in the language.
pub(crate) fn sort_order(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let keys = cx.sequence(args[0]).unwrap_or_default();
    charge(cx, keys.len())?;
    match order(cx, &keys, args[1].same(Value::TRUE))? {
        Some(order) => {
            let positions: Vec<Value> = order.iter().map(|&at| Value::int(i64::from(at))).collect();
            iterate::new_list(cx, &positions).map(Outcome::Return)
        }
        None => Ok(Outcome::Return(Value::NONE)),
    }
}

/// `_list_assign(list, values, order)`: the list becomes the values in that order.
pub(crate) fn list_assign(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (values, order) = (cx.sequence(args[1]).unwrap_or_default(), cx.sequence(args[2]).unwrap_or_default());
    let sorted: Vec<Value> = order
        .iter()
        .filter_map(|at| at.as_int().and_then(|at| values.get(usize::try_from(at).ok()?)))
        .copied()
        .collect();
    if let Some(list) = args[0].as_gc::<List>() {
        mutate(cx, list, |list| *list = List::from_values(&sorted));
    }
    Ok(Outcome::Return(Value::NONE))
}

#[cfg(test)]
mod tests {
    use super::merge_sort;

    #[test]
    fn merge_sort_is_stable_and_complete() {
        for len in [0_u32, 1, 2, 7, 8, 9, 16, 17, 100, 1000] {
            let keys: Vec<u32> = (0..len).map(|n| (n.wrapping_mul(2_654_435_761) >> 7) % 10).collect();
            let mut order: Vec<u32> = (0..len).collect();
            let done = merge_sort(&mut order, &mut |a, b| Ok(keys[a as usize] < keys[b as usize]));
            assert!(done.is_ok());
            let mut expected: Vec<u32> = (0..len).collect();
            expected.sort_by_key(|&at| keys[at as usize]);
            assert_eq!(order, expected);
        }
    }

    #[test]
    fn an_inconsistent_order_still_gives_a_permutation() {
        let mut order: Vec<u32> = (0..100).collect();
        assert!(merge_sort(&mut order, &mut |_, _| Ok(true)).is_ok());
        order.sort_unstable();
        assert_eq!(order, (0..100).collect::<Vec<u32>>());
    }
}

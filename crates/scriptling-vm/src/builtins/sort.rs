//! Sorting: `list.sort` and `sorted`.
//!
//! Keys of one sort (ints, floats, strings, tuples of them) are sorted by words that order as they do, next to their
//! positions: comparing then rarely looks at the keys themselves, which are all over the heap. Other keys that Rust can
//! compare go through a stable merge sort whose comparison may fail (the standard library's may panic on an inconsistent
//! order, and scripts make inconsistent orders: NaN). When a comparison takes script code, nothing has been changed yet and
//! the prelude sorts instead.

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
            mutate(cx, list, |list| *list = list.permuted(order.iter().map(|&at| at as usize)));
            Ok(Outcome::Return(Value::NONE))
        }
        None => Ok(Outcome::tail_call(cx.prelude("_sort_by_methods"), &[Value::obj(list), Value::bool(reverse)])),
    }
}

/// Sorting `len` elements: memory for keys and order, time for about `len * log(len)` comparisons.
fn charge(cx: &mut Cx<'_>, len: usize) -> Result<(), Raise> {
    cx.reserve(len * 64)?;
    cx.charge_work(len * (usize::BITS - len.leading_zeros()) as usize);
    Ok(())
}

/// The positions of `keys` in sorted order; `None` if a comparison takes script code.
pub(crate) fn order(cx: &mut Cx<'_>, keys: &[Value], reverse: bool) -> Result<Option<Vec<u32>>, Raise> {
    if let Some(order) = plain_sort(cx.heap(), keys, reverse) {
        return Ok(Some(order));
    }
    let mut order: Vec<u32> = (0..keys.len() as u32).collect();
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

/// What all keys, or the items at one place of all keys, are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Int,
    /// None of them is NaN.
    Float,
    Text,
}

impl Sort {
    fn of(value: Value) -> Option<Sort> {
        match value.tag() {
            Tag::Int => Some(Sort::Int),
            Tag::Float => (!f64::from_bits(value.payload()).is_nan()).then_some(Sort::Float),
            _ => value.is::<Str>().then_some(Sort::Text),
        }
    }

    /// What all of these are.
    fn common(mut values: impl Iterator<Item = Value>) -> Option<Sort> {
        let sort = Sort::of(values.next()?)?;
        values.all(|value| Sort::of(value) == Some(sort)).then_some(sort)
    }

    /// A word that orders as the values do; equal words may belong to different texts.
    fn word(self, heap: &Heap, value: Value) -> u64 {
        const SIGN: u64 = 1 << 63;
        match self {
            Sort::Int => value.payload() ^ SIGN,
            Sort::Float => {
                // Adding zero makes both zeros the same one.
                let bits = (f64::from_bits(value.payload()) + 0.0).to_bits();
                if bits & SIGN != 0 { !bits } else { bits | SIGN }
            }
            Sort::Text => {
                let text = text(heap, value).as_bytes();
                let mut start = [0; 8];
                let count = text.len().min(8);
                start[..count].copy_from_slice(&text[..count]);
                u64::from_be_bytes(start)
            }
        }
    }

    fn compare(self, heap: &Heap, left: Value, right: Value) -> Ordering {
        match self {
            Sort::Text => text(heap, left).cmp(text(heap, right)),
            _ => self.word(heap, left).cmp(&self.word(heap, right)),
        }
    }
}

fn text(heap: &Heap, value: Value) -> &str {
    value.as_gc::<Str>().map_or("", |text| text.get(heap).as_str())
}

/// The positions of keys in sorted order if they are of one sort, or tuples of the same length with one sort at each place.
fn plain_sort(heap: &Heap, keys: &[Value], reverse: bool) -> Option<Vec<u32>> {
    if let Some(sort) = Sort::common(keys.iter().copied()) {
        let word = |key: Value| sort.word(heap, key);
        return Some(match sort {
            Sort::Text => sort_words(keys, reverse, word, |left, right| sort.compare(heap, left, right)),
            _ => sort_words(keys, reverse, word, |_, _| Ordering::Equal),
        });
    }
    let tuple = |key: Value| key.as_gc::<Tuple>().map_or(&[][..], |tuple| tuple.items(heap));
    let width = tuple(*keys.first()?).len();
    if width == 0 || !keys.iter().all(|&key| key.is::<Tuple>() && tuple(key).len() == width) {
        return None;
    }
    let sorts = (0..width).map(|place| Sort::common(keys.iter().map(|&key| tuple(key)[place])));
    let sorts = sorts.collect::<Option<Vec<Sort>>>()?;
    let compare = |from: usize, left: Value, right: Value| {
        let pairs = tuple(left)[from..].iter().zip(&tuple(right)[from..]);
        let orders = sorts[from..].iter().zip(pairs).map(|(sort, (&left, &right))| sort.compare(heap, left, right));
        orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    };
    let word = |key: Value, place: usize| sorts[place].word(heap, tuple(key)[place]);
    Some(match sorts[..] {
        // Two words decide nearly everything, provided that the first one decides about its place.
        [Sort::Int | Sort::Float, _, ..] => {
            let from = if sorts[1] == Sort::Text { 1 } else { 2 };
            sort_words(keys, reverse, |key| (word(key, 0), word(key, 1)), |left, right| compare(from, left, right))
        }
        _ => sort_words(keys, reverse, |key| word(key, 0), |left, right| compare(0, left, right)),
    })
}

/// Sorts positions by the words of their keys, and by `rest` where the words are equal. Descending order keeps equal keys
/// in their original order too.
fn sort_words<W: Ord + Copy>(
    keys: &[Value],
    reverse: bool,
    word: impl Fn(Value) -> W,
    rest: impl Fn(Value, Value) -> Ordering,
) -> Vec<u32> {
    let mut words: Vec<(W, u32)> = keys.iter().zip(0..).map(|(&key, at)| (word(key), at)).collect();
    let compare = |left: &(W, u32), right: &(W, u32)| {
        left.0.cmp(&right.0).then_with(|| rest(keys[left.1 as usize], keys[right.1 as usize]))
    };
    if reverse {
        words.sort_by(|left, right| compare(right, left));
    } else {
        words.sort_by(compare);
    }
    words.into_iter().map(|(_, at)| at).collect()
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
            let positions = List::from_ints(order.into_iter().map(u64::from).collect());
            Ok(Outcome::Return(cx.heap_mut().value(positions)))
        }
        None => Ok(Outcome::Return(Value::NONE)),
    }
}

/// `_list_assign(list, values, order)`: the list becomes the values in that order.
pub(crate) fn list_assign(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let [Some(list), Some(values), Some(order)] = [args[0], args[1], args[2]].map(Value::as_gc::<List>) else {
        return Ok(Outcome::Return(Value::NONE));
    };
    let (values, order) = (values.get(cx.heap()), order.get(cx.heap()).ints().unwrap_or_default());
    let sorted = values.permuted(order.iter().map(|&at| at as usize));
    mutate(cx, list, |list| *list = sorted);
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

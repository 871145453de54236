//! Hash, equality and order of *plain* values: strings, ints, `None` and the other singletons, and tuples of them.
//!
//! Nearly all keys and operands are plain, and no class can change how these types compare. So the answers here need only
//! the heap, raise nothing and run no script code, which lets the run loop ask before it saves its state. `None` always
//! means "not plain: ask the general functions" (`hash`, `compare`, `lookup`).

use std::cmp::Ordering;

use super::hash::{Combined, hash_int, table_hash};
use super::lookup::{Keyed, Lookup};
use crate::heap::{Gc, Heap, Kind, Str, Tuple};
use crate::op::CompareOp;
use crate::value::{Tag, Value};

/// Tuples nested deeper than this are left to the general functions, which guard their recursion.
const MAX_DEPTH: u32 = 3;
/// Tuples longer than this are left to the general functions, which charge for their work.
const MAX_ITEMS: usize = 64;
/// Ints up to here are exact as floats.
const EXACT: u64 = 1 << 53;

/// The table hash of a plain value.
#[inline]
pub(crate) fn hash(heap: &Heap, value: Value) -> Option<u64> {
    match value.tag() {
        Tag::Int => Some(table_hash(hash_int(value.payload() as i64))),
        Tag::Obj => match value.kind() {
            Some(Kind::Str) => Some(value.as_gc::<Str>()?.get(heap).hash()),
            Some(Kind::Tuple) => hash_tuple(heap, value.as_gc()?, 0),
            _ => None,
        },
        _ => None,
    }
}

#[inline]
fn hash_tuple(heap: &Heap, tuple: Gc<Tuple>, depth: u32) -> Option<u64> {
    match tuple.known_hash(heap) {
        Some(hash) => Some(hash),
        None => combine_items(heap, tuple, depth),
    }
}

#[inline(never)]
fn combine_items(heap: &Heap, tuple: Gc<Tuple>, depth: u32) -> Option<u64> {
    let items = tuple.items(heap);
    if depth >= MAX_DEPTH || items.len() > MAX_ITEMS {
        return None;
    }
    let mut combined = Combined::new(true);
    for &item in items {
        combined.add(match item.tag() {
            Tag::Int => table_hash(hash_int(item.payload() as i64)),
            Tag::Obj => match item.kind() {
                Some(Kind::Str) => item.as_gc::<Str>()?.get(heap).hash(),
                Some(Kind::Tuple) => hash_tuple(heap, item.as_gc()?, depth + 1)?,
                _ => return None,
            },
            _ => return None,
        });
    }
    let hash = combined.finish();
    tuple.note_hash(heap, hash);
    Some(hash)
}

/// Whether two strings have the same text.
#[inline]
pub(crate) fn equal_text(heap: &Heap, a: Gc<Str>, b: Gc<Str>) -> bool {
    // Most comparisons fail at the length or the first byte: cheaper to see than to call for.
    a.glance(b).unwrap_or_else(|| a.get(heap).as_str() == b.get(heap).as_str())
}

/// `a == b` of plain values. An element counts as equal to itself, as in all containers; the callers' whole operands
/// are no floats then.
#[inline]
pub(crate) fn equal(heap: &Heap, a: Value, b: Value) -> Option<bool> {
    equal_at(heap, a, b, 0)
}

#[inline]
fn equal_at(heap: &Heap, a: Value, b: Value, depth: u32) -> Option<bool> {
    match (a.tag(), b.tag()) {
        (Tag::Int, Tag::Int) | (Tag::Bool, Tag::Bool) => Some(a.payload() == b.payload()),
        (Tag::Obj, Tag::Obj) => match (a.kind()?, b.kind()?) {
            (Kind::Str, Kind::Str) => Some(equal_text(heap, a.as_gc()?, b.as_gc()?)),
            (Kind::Tuple, Kind::Tuple) => equal_tuples(heap, a.as_gc()?, b.as_gc()?, depth),
            _ => None,
        },
        // Numbers of different types may be equal, and an object's class may say anything, except those of these kinds.
        (Tag::Obj, _) => matches!(a.kind()?, Kind::Str | Kind::Tuple | Kind::List | Kind::Dict).then_some(false),
        (_, Tag::Obj) => matches!(b.kind()?, Kind::Str | Kind::Tuple | Kind::List | Kind::Dict).then_some(false),
        (Tag::Float, Tag::Float) => Some(f64::from_bits(a.payload()) == f64::from_bits(b.payload())),
        (Tag::Int | Tag::Float | Tag::Bool, Tag::Int | Tag::Float | Tag::Bool) => None,
        (left, right) => Some(left == right),
    }
}

fn equal_tuples(heap: &Heap, a: Gc<Tuple>, b: Gc<Tuple>, depth: u32) -> Option<bool> {
    if a == b {
        return Some(true);
    }
    let (a, b) = (a.items(heap), b.items(heap));
    if a.len() != b.len() {
        return Some(false);
    }
    if depth >= MAX_DEPTH || a.len() > MAX_ITEMS {
        return None;
    }
    for (&a, &b) in a.iter().zip(b) {
        // The same NaN counts as equal to itself inside a container.
        if !a.same(b) && !equal_at(heap, a, b, depth + 1)? {
            return Some(false);
        }
    }
    Some(true)
}

/// Whether two tuples are the same or have the same items, one by one.
#[inline]
fn same_items(heap: &Heap, a: Gc<Tuple>, b: Gc<Tuple>) -> bool {
    a == b || a.count() == b.count() && a.items(heap).iter().zip(b.items(heap)).all(|(a, b)| a.same(*b))
}

/// The order of two strings, or of an int and a float.
#[inline]
pub(crate) fn order(heap: &Heap, a: Value, b: Value) -> Option<Ordering> {
    let exact = |value: Value| value.as_int().filter(|int| int.unsigned_abs() <= EXACT).map(|int| int as f64);
    match (a.tag(), b.tag()) {
        (Tag::Obj, Tag::Obj) => {
            let (a, b) = (a.as_gc::<Str>()?.get(heap).as_str(), b.as_gc::<Str>()?.get(heap).as_str());
            if let (&[a], &[b]) = (a.as_bytes(), b.as_bytes()) {
                return Some(a.cmp(&b));
            }
            // UTF-8 orders like the code points it encodes.
            Some(a.cmp(b))
        }
        (Tag::Int, Tag::Float) => exact(a)?.partial_cmp(&b.as_float()?),
        (Tag::Float, Tag::Int) => a.as_float()?.partial_cmp(&exact(b)?),
        _ => None,
    }
}

/// `a op b` of plain values.
#[inline(never)]
pub(crate) fn compare(heap: &Heap, op: CompareOp, a: Value, b: Value) -> Option<bool> {
    match op {
        CompareOp::Eq => equal(heap, a, b),
        CompareOp::Ne => equal(heap, a, b).map(|equal| !equal),
        CompareOp::Lt => order(heap, a, b).map(Ordering::is_lt),
        CompareOp::Le => order(heap, a, b).map(Ordering::is_le),
        CompareOp::Gt => order(heap, a, b).map(Ordering::is_gt),
        CompareOp::Ge => order(heap, a, b).map(Ordering::is_ge),
    }
}

/// Looks for a plain key among keys that are plain too, as far as their hashes collide.
#[inline]
pub(crate) fn find<T: Keyed>(heap: &Heap, object: Gc<T>, key: Value) -> Option<Lookup> {
    let hash = hash(heap, key)?;
    let table = object.get(heap).table();
    let mut unsure = false;
    let mut look_closer = |candidate: Value| {
        equal(heap, candidate, key).unwrap_or_else(|| {
            unsure = true;
            false
        })
    };
    let found = match key.kind() {
        None => table.find(hash, |candidate| candidate.same(key) || look_closer(candidate)),
        Some(Kind::Tuple) => table.find(hash, |candidate| match (candidate.as_gc(), key.as_gc()) {
            (Some(candidate), Some(key)) if same_items(heap, candidate, key) => true,
            _ => look_closer(candidate),
        }),
        _ => table.find(hash, |candidate| match (candidate.as_gc::<Str>(), key.as_gc::<Str>()) {
            (Some(candidate), Some(key)) => equal_text(heap, candidate, key),
            // No other type than an instance's is ever equal to a string.
            _ => {
                unsure |= candidate.kind() == Some(Kind::Instance);
                false
            }
        }),
    };
    match found {
        Some(position) => Some(Lookup::Found(position)),
        None if unsure => None,
        None => Some(Lookup::Missing(hash)),
    }
}

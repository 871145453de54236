//! Hashes of values.
//!
//! Two numbers are in play. The *visible* hash is what `hash()` returns and `__hash__` methods return: an `i64`, for numbers
//! CPython's (the value modulo 2^61-1), so that equal numbers of different types have equal hashes. Tables use
//! [`table_hash`] of it: small ints have visible hashes that differ in their low bits only by what the ints differ, and
//! multiples of a large power of two would all collide. The mapping is a bijection, so strings, whose table hash is
//! computed directly, have a visible hash too ([`visible_hash`]), and a script's `__hash__` that returns `hash(self.name)`
//! finds the entry of the equal string.

use num_traits::{Signed, ToPrimitive};

use super::dispatch::{base_value, flagged};
use crate::error::{ExcClass, Raise};
use crate::heap::class::Dunders;
use crate::heap::{BigInteger, BigRange, BoundMethod, Bytes, Kind, Range, Str, Tuple};
use crate::limits::MAX_NESTING;
use crate::native::{Cx, NativeResult, Outcome, set_table};
use crate::value::{Tag, Value};

const MODULUS: u64 = (1 << 61) - 1;
/// Odd, so multiplying by it is invertible; the bits are those of the golden ratio.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
const UNMIX: u64 = inverse(MIX);
/// Containers one hash may visit before the prelude, which can be interrupted, takes over: shared tuples can nest into
/// exponentially many visits.
const MAX_VISITS: u32 = 1 << 20;

/// The inverse of an odd number modulo 2^64, by Newton's iteration.
const fn inverse(odd: u64) -> u64 {
    let mut inverse = odd;
    let mut round = 0;
    while round < 6 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(inverse)));
        round += 1;
    }
    inverse
}

/// The hash under which tables file a value whose visible hash is this.
#[inline]
pub(crate) const fn table_hash(visible: i64) -> u64 {
    let mixed = (visible as u64).wrapping_mul(MIX);
    mixed ^ mixed >> 32
}

/// The visible hash behind a table hash.
#[inline]
pub(crate) const fn visible_hash(table: u64) -> i64 {
    (table ^ table >> 32).wrapping_mul(UNMIX) as i64
}

/// The table hash of a value, or `None` if only the language can tell (`__hash__`, possibly of an element).
pub(crate) fn hash_native(cx: &Cx<'_>, value: Value) -> Result<Option<u64>, Raise> {
    if let Some(text) = value.as_gc::<Str>() {
        return Ok(Some(text.get(cx.heap()).hash()));
    }
    Hasher { cx, visits: 0 }.hash(value, 0)
}

/// `hash(value)`.
pub(crate) fn hash(cx: &mut Cx<'_>, value: Value) -> NativeResult {
    if let Some(hash) = hash_native(cx, value)? {
        return Ok(Outcome::Return(Value::int(visible_hash(hash))));
    }
    if let Some(method) = flagged(cx, value, Dunders::HASH, "__hash__") {
        return Ok(Outcome::call(method, &[value], |cx, result| {
            let result = base_value(cx, result?);
            match visible_of_int(cx, result) {
                Some(hash) => Ok(Outcome::Return(Value::int(hash))),
                None => Err(Raise::type_error("__hash__ method should return an integer")),
            }
        }));
    }
    let base = base_value(cx, value);
    let elements = if let Some(tuple) = base.as_gc::<Tuple>() {
        tuple.items(cx.heap()).to_vec()
    } else if let Some(table) = set_table(cx.heap(), base) {
        table.iter().map(|entry| entry.key).collect()
    } else {
        return Err(unhashable(cx, value));
    };
    let ordered = Value::bool(base.is::<Tuple>());
    let elements = cx.list(&elements);
    Ok(Outcome::tail_call(cx.prelude("_hash_elements"), &[elements, ordered]))
}

/// The visible hash of an int, which is also what a `__hash__` result of any size is reduced to.
fn visible_of_int(cx: &Cx<'_>, value: Value) -> Option<i64> {
    match value.tag() {
        // What a method returns is taken as it is while it fits; reducing it would break `hash(x) == x.__hash__()`.
        Tag::Int | Tag::Bool => Some(value.payload() as i64).map(|hash| if hash == -1 { -2 } else { hash }),
        _ => cx.as_big(value).map(hash_big),
    }
}

/// The visible hash of a list of elements whose visible hashes are these: the end of the prelude's `_hash_elements`.
pub(crate) fn combine_visible(hashes: impl Iterator<Item = i64>, ordered: bool) -> i64 {
    let mut combined = Combined::new(ordered);
    hashes.for_each(|hash| combined.add(table_hash(hash)));
    visible_hash(combined.finish())
}

/// CPython's hash of a small int.
#[inline]
pub(crate) fn hash_int(value: i64) -> i64 {
    if (0..MODULUS as i64).contains(&value) {
        return value;
    }
    let rest = (value.unsigned_abs() % MODULUS) as i64;
    match if value < 0 { -rest } else { rest } {
        -1 => -2,
        hash => hash,
    }
}

fn hash_big(value: &num_bigint::BigInt) -> i64 {
    let rest = (value.magnitude() % MODULUS).to_i64().expect("a remainder below 2^61");
    match if value.is_negative() { -rest } else { rest } {
        -1 => -2,
        hash => hash,
    }
}

/// Equal to the hash of a [`Range`] with the same elements.
fn hash_big_range(range: &BigRange) -> i64 {
    let (len, start, step) = range.essence();
    let parts = [len, start.unwrap_or_default(), step.unwrap_or_default()];
    combine_visible(parts.iter().map(hash_big), true)
}

/// CPython's hash of a float: equal to that of the int or fraction it equals.
pub(crate) fn hash_float(value: f64) -> i64 {
    if value.is_infinite() {
        return if value > 0.0 { 314_159 } else { -314_159 };
    }
    if value.is_nan() {
        // Any number will do: a NaN equals nothing.
        return (value.to_bits() % MODULUS) as i64;
    }
    let bits = value.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    let (mantissa, exponent) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    // Multiplying by a power of two modulo 2^61-1 is rotating 61 bits.
    let turn = exponent.rem_euclid(61) as u32;
    let reduced = mantissa % MODULUS;
    let rotated = if turn == 0 { reduced } else { (reduced << turn & MODULUS) | reduced >> (61 - turn) };
    let hash = (rotated % MODULUS) as i64;
    match if value < 0.0 { -hash } else { hash } {
        -1 => -2,
        hash => hash,
    }
}

/// The hash of a container from those of its elements.
pub(super) struct Combined {
    state: u64,
    count: u64,
    ordered: bool,
}

impl Combined {
    /// The hash of nothing yet; `ordered`: of a sequence, not of a set.
    pub(super) fn new(ordered: bool) -> Combined {
        Combined { state: if ordered { 0x2545_f491_4f6c_dd1d } else { 0x1b87_3593_cc9e_2d51 }, count: 0, ordered }
    }

    /// Takes in an element's table hash.
    #[inline]
    pub(super) fn add(&mut self, hash: u64) {
        if self.ordered {
            // Table hashes are mixed already: one multiplication each is enough to make their order count.
            self.state = (self.state.rotate_left(23) ^ hash).wrapping_mul(MIX);
        } else {
            let scrambled = (hash ^ hash >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            self.state = self.state.wrapping_add(scrambled ^ scrambled >> 31);
        }
        self.count += 1;
    }

    /// The container's table hash.
    #[inline]
    pub(super) fn finish(self) -> u64 {
        let mixed = (self.state ^ self.count).wrapping_mul(MIX);
        mixed ^ mixed >> 32
    }
}

struct Hasher<'c, 'i> {
    cx: &'c Cx<'i>,
    visits: u32,
}

impl Hasher<'_, '_> {
    fn hash(&mut self, value: Value, depth: usize) -> Result<Option<u64>, Raise> {
        let visible = match value.tag() {
            Tag::Int | Tag::Bool => hash_int(value.payload() as i64),
            Tag::Float => hash_float(f64::from_bits(value.payload())),
            Tag::Obj => return self.object(value, depth),
            _ => 0x7a3_15c0 + value.tag() as i64,
        };
        Ok(Some(table_hash(visible)))
    }

    fn object(&mut self, value: Value, depth: usize) -> Result<Option<u64>, Raise> {
        let heap = self.cx.heap();
        let visible = match value.kind() {
            Some(Kind::Str) => return Ok(value.as_gc::<Str>().map(|text| text.get(heap).hash())),
            Some(Kind::BigInteger) => hash_big(&value.as_gc::<BigInteger>().expect("kind was checked").get(heap).0),
            Some(Kind::Bytes) => {
                let bytes = &value.as_gc::<Bytes>().expect("kind was checked").get(heap).0;
                return Ok(Some(hash_bytes(bytes)));
            }
            Some(Kind::Tuple) => {
                let tuple = value.as_gc::<Tuple>().expect("kind was checked");
                return self.elements(tuple.items(heap).iter().copied(), true, depth);
            }
            Some(Kind::FrozenSet) => {
                let table = set_table(heap, value).expect("kind was checked");
                return self.elements(table.iter().map(|entry| entry.key), false, depth);
            }
            Some(Kind::Range) => {
                let range = *value.as_gc::<Range>().expect("kind was checked").get(heap);
                // Ranges are equal if they produce the same elements.
                let (start, step) = if range.is_empty() { (0, 0) } else { (range.start, range.step) };
                let step = if range.len() == 1 { 0 } else { step };
                match i64::try_from(range.len()) {
                    Ok(len) => combine_visible([len, start, step].into_iter().map(hash_int), true),
                    Err(_) => hash_big_range(&range.into()),
                }
            }
            Some(Kind::BigRange) => hash_big_range(value.as_gc::<BigRange>().expect("kind was checked").get(heap)),
            Some(Kind::BoundMethod) => {
                let method = value.as_gc::<BoundMethod>().expect("kind was checked").get(heap);
                combine_visible([method.function.identity(), method.receiver.identity()].into_iter(), true)
            }
            Some(Kind::List | Kind::Dict | Kind::Set | Kind::Slice) => return Err(unhashable(self.cx, value)),
            Some(Kind::DictView) if self.cx.type_name(value) != "dict_values" => {
                return Err(unhashable(self.cx, value));
            }
            Some(Kind::Instance | Kind::Exception | Kind::HostObject | Kind::Class) => {
                let class = self.cx.class_of(value).get(heap);
                if class.dunders.contains(Dunders::NO_HASH) {
                    return Err(unhashable(self.cx, value));
                }
                if flagged(self.cx, value, Dunders::HASH, "__hash__").is_some() {
                    return Ok(None);
                }
                let base = base_value(self.cx, value);
                if !base.same(value) {
                    return self.hash(base, depth).map_err(|raise| match raise.builtin_class() {
                        Some(ExcClass::TypeError) => unhashable(self.cx, value),
                        _ => raise,
                    });
                }
                // Addresses are multiples of 16.
                value.identity() >> 4
            }
            _ => value.identity() >> 4,
        };
        Ok(Some(table_hash(visible)))
    }

    fn elements(
        &mut self,
        items: impl Iterator<Item = Value>,
        ordered: bool,
        depth: usize,
    ) -> Result<Option<u64>, Raise> {
        if depth >= MAX_NESTING {
            return Err(Raise::too_deep("while hashing"));
        }
        self.visits += 1;
        if self.visits > MAX_VISITS {
            return Ok(None);
        }
        let mut combined = Combined::new(ordered);
        for item in items {
            match self.hash(item, depth + 1)? {
                Some(hash) => combined.add(hash),
                None => return Ok(None),
            }
        }
        Ok(Some(combined.finish()))
    }
}

fn hash_bytes(bytes: &[u8]) -> u64 {
    use std::hash::BuildHasher;
    foldhash::fast::FixedState::with_seed(0x000b_17e5).hash_one(bytes)
}

#[cold]
fn unhashable(cx: &Cx<'_>, value: Value) -> Raise {
    Raise::type_error(format!("unhashable type: '{}'", cx.type_name(value)))
}

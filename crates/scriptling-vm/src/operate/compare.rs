//! Rich comparisons.
//!
//! [`compare_native`] compares what Rust can compare and says so when it cannot: because the types have no such order
//! (`Undefined`), or because a script's `__eq__` or `__lt__` is involved somewhere inside (`Script`). Then the comparison of
//! a container goes to the prelude as a whole, which compares element by element in the language. Elements that are
//! the same object count as equal, as everywhere in the language.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_traits::{FromPrimitive, Signed};

use super::dispatch::{Attempt, base_value, custom, first_answer, flagged, is_custom, right_goes_first};
use super::number::{is_number, small};
use crate::error::Raise;
use crate::heap::class::Dunders;
use crate::heap::dict::{Table, ViewKind};
use crate::heap::list::Items;
use crate::heap::{BoundMethod, Bytes, Dict, DictView, Kind, List, Range, Slice, Str, Tuple};
use crate::limits::MAX_NESTING;
use crate::native::{Cx, NativeResult, Outcome, set_table};
use crate::op::CompareOp;
use crate::operate::big_range;
use crate::value::{Tag, Value};

/// Containers one comparison may visit before the prelude, which can be interrupted, takes over: shared containers can
/// nest into exponentially many visits.
const MAX_VISITS: u32 = 1 << 20;

/// What a native comparison found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Answer {
    /// This.
    Known(bool),
    /// The types do not define it: equality falls back to identity, order is a `TypeError`.
    Undefined,
    /// Only the language can tell.
    Script,
}

/// `left op right`.
pub(crate) fn compare(cx: &mut Cx<'_>, op: CompareOp, left: Value, right: Value) -> NativeResult {
    if is_custom(left) || is_custom(right) {
        return compare_custom(cx, op, left, right);
    }
    finish(cx, op, left, right, left, right)
}

/// `a == b`, or `None` if only the language can tell.
pub(crate) fn equal_native(cx: &Cx<'_>, a: Value, b: Value) -> Result<Option<bool>, Raise> {
    if a.same(b) && a.tag() != Tag::Float {
        return Ok(Some(true));
    }
    Ok(match (Comparer { cx, visits: 0 }).equal(a, b, 0)? {
        Answer::Known(equal) => Some(equal),
        Answer::Undefined => Some(a.same(b)),
        Answer::Script => None,
    })
}

/// Compares natively; see [`Answer`].
pub(crate) fn compare_native(cx: &Cx<'_>, op: CompareOp, left: Value, right: Value) -> Result<Answer, Raise> {
    Comparer { cx, visits: 0 }.compare(op, left, right, 0)
}

/// The last step: builtin comparison of `left` and `right`, which are what the operands `shown` in messages contain.
fn finish(
    cx: &mut Cx<'_>,
    op: CompareOp,
    left: Value,
    right: Value,
    shown_left: Value,
    shown_right: Value,
) -> NativeResult {
    match compare_native(cx, op, left, right)? {
        Answer::Known(result) => Ok(Outcome::Return(Value::bool(result))),
        Answer::Script => in_prelude(cx, op, left, right),
        Answer::Undefined => undefined(cx, op, shown_left, shown_right),
    }
}

/// No type defines it: identity for equality, otherwise a `TypeError`.
fn undefined(cx: &mut Cx<'_>, op: CompareOp, left: Value, right: Value) -> NativeResult {
    match op {
        CompareOp::Eq => Ok(Outcome::Return(Value::bool(left.same(right)))),
        CompareOp::Ne => Ok(Outcome::Return(Value::bool(!left.same(right)))),
        _ => {
            let (symbol, _) = op.names();
            let (left, right) = (cx.type_name(left), cx.type_name(right));
            let message = format!("'{symbol}' not supported between instances of '{left}' and '{right}'");
            Err(Raise::type_error(message))
        }
    }
}

/// Sends the comparison of two containers with script-compared elements to the prelude.
fn in_prelude(cx: &mut Cx<'_>, op: CompareOp, left: Value, right: Value) -> NativeResult {
    let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
    let function = match left.kind() {
        Some(Kind::List | Kind::Tuple) if equality => "_eq_sequences",
        Some(Kind::List | Kind::Tuple) => "_order_sequences",
        Some(Kind::Dict) => "_eq_dicts",
        Some(Kind::Slice) => "_eq_slices",
        _ => "_compare_sets",
    };
    let symbol = cx.str(op.names().0);
    let callee = cx.prelude(function);
    if op != CompareOp::Ne || function == "_compare_sets" {
        return Ok(Outcome::tail_call(callee, &[left, right, symbol]));
    }
    Ok(Outcome::call(callee, &[left, right, symbol], |_, equal| {
        Ok(Outcome::Return(Value::bool(equal?.as_bool() != Some(true))))
    }))
}

/// At least one operand's class may define the comparison.
fn compare_custom(cx: &mut Cx<'_>, op: CompareOp, left: Value, right: Value) -> NativeResult {
    let swapped = op.swapped();
    let mut attempts = Vec::with_capacity(2);
    let right_attempt = method_for(cx, swapped, right, left);
    let (_, swapped_name) = swapped.names();
    let right_first = right_attempt.is_some()
        && (right_goes_first(cx, left, right, swapped_name)
            || swapped == CompareOp::Ne && right_goes_first(cx, left, right, "__eq__"));
    if right_first {
        attempts.extend(right_attempt);
    }
    match method_for(cx, op, left, right) {
        Some(attempt) => attempts.push(attempt),
        None if attempts.is_empty() => {
            // The left type's own comparison goes before the right one's reflected method.
            let (a, b) = (base_value(cx, left), base_value(cx, right));
            match compare_native(cx, op, a, b)? {
                Answer::Known(result) => return Ok(Outcome::Return(Value::bool(result))),
                Answer::Script if !is_custom(a) && !is_custom(b) => return in_prelude(cx, op, a, b),
                Answer::Script | Answer::Undefined => {}
            }
        }
        None => {}
    }
    if !right_first {
        attempts.extend(right_attempt);
    }
    if attempts.is_empty() {
        return undefined(cx, op, left, right);
    }
    let (left, right) = (cx.keep(left), cx.keep(right));
    first_answer(cx, &attempts, move |cx| {
        let (left, right) = (cx.kept(left), cx.kept(right));
        let (a, b) = (base_value(cx, left), base_value(cx, right));
        if is_custom(a) || is_custom(b) {
            return undefined(cx, op, left, right);
        }
        finish(cx, op, a, b, left, right)
    })
}

/// The special method of `receiver` for `op`; `!=` falls back to the negation of `__eq__`.
fn method_for(cx: &Cx<'_>, op: CompareOp, receiver: Value, argument: Value) -> Option<Attempt> {
    if !is_custom(receiver) {
        return None;
    }
    let attempt = |method, negate| Attempt { method, receiver, argument, negate };
    match op {
        CompareOp::Eq => flagged(cx, receiver, Dunders::EQ, "__eq__").map(|method| attempt(method, false)),
        CompareOp::Ne => custom(cx, receiver, "__ne__")
            .map(|method| attempt(method, false))
            .or_else(|| flagged(cx, receiver, Dunders::EQ, "__eq__").map(|method| attempt(method, true))),
        _ => custom(cx, receiver, op.names().1).map(|method| attempt(method, false)),
    }
}

fn holds(op: CompareOp, order: Option<Ordering>) -> bool {
    match op {
        CompareOp::Eq => order == Some(Ordering::Equal),
        CompareOp::Ne => order != Some(Ordering::Equal),
        CompareOp::Lt => order == Some(Ordering::Less),
        CompareOp::Le => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        CompareOp::Gt => order == Some(Ordering::Greater),
        CompareOp::Ge => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    }
}

/// The exact order of two numbers of any types; `None` if one is a NaN.
pub(crate) fn order_numbers(cx: &Cx<'_>, left: Value, right: Value) -> Option<Ordering> {
    match (small(left), small(right)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => match (left.as_float(), right.as_float()) {
            (Some(a), Some(b)) => a.partial_cmp(&b),
            (Some(a), None) => order_int_float(cx, right, a).map(Ordering::reverse),
            (None, Some(b)) => order_int_float(cx, left, b),
            (None, None) => match (cx.as_big(left), cx.as_big(right)) {
                (Some(a), Some(b)) => Some(a.cmp(b)),
                // A big integer is beyond all small ones.
                (Some(a), None) => Some(if a.is_negative() { Ordering::Less } else { Ordering::Greater }),
                (None, Some(b)) => Some(if b.is_negative() { Ordering::Greater } else { Ordering::Less }),
                (None, None) => None,
            },
        },
    }
}

/// The exact order of an int and a float: neither is converted to the other's type with loss.
fn order_int_float(cx: &Cx<'_>, int: Value, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    if float.is_infinite() {
        return Some(if float > 0.0 { Ordering::Less } else { Ordering::Greater });
    }
    let whole = float.trunc();
    let by_fraction = 0.0.partial_cmp(&(float - whole));
    let by_whole = match small(int) {
        Some(int) if whole.abs() < 9.2e18 => int.cmp(&(whole as i64)),
        _ => cx.to_big(int)?.cmp(&BigInt::from_f64(whole)?),
    };
    if by_whole == Ordering::Equal { by_fraction } else { Some(by_whole) }
}

struct Comparer<'c, 'i> {
    cx: &'c Cx<'i>,
    visits: u32,
}

impl<'c> Comparer<'c, '_> {
    fn compare(&mut self, op: CompareOp, a: Value, b: Value, depth: usize) -> Result<Answer, Raise> {
        match op {
            CompareOp::Eq => self.equal(a, b, depth),
            CompareOp::Ne => Ok(match self.equal(a, b, depth)? {
                Answer::Known(equal) => Answer::Known(!equal),
                other => other,
            }),
            _ => self.order(op, a, b, depth),
        }
    }

    fn equal(&mut self, a: Value, b: Value, depth: usize) -> Result<Answer, Raise> {
        if is_number(a) && is_number(b) {
            return Ok(Answer::Known(order_numbers(self.cx, a, b) == Some(Ordering::Equal)));
        }
        let heap = self.cx.heap();
        let (Some(left), Some(right)) = (a.kind(), b.kind()) else {
            // One is inline: equal only to itself, unless the other one's class says otherwise.
            return Ok(if is_custom(a) || is_custom(b) {
                self.custom_equal(a, b, depth)?
            } else {
                Answer::Known(a.same(b))
            });
        };
        if left == Kind::Str && right == Kind::Str {
            let (a, b) = (a.as_gc::<Str>().expect("kind was checked"), b.as_gc::<Str>().expect("kind was checked"));
            return Ok(Answer::Known(a == b || a.get(heap).as_str() == b.get(heap).as_str()));
        }
        if is_custom(a) || is_custom(b) {
            return self.custom_equal(a, b, depth);
        }
        if let (Some(a), Some(b)) = (self.set_like(a), self.set_like(b)) {
            return self.sets(CompareOp::Eq, a, b, depth);
        }
        if left != right {
            if let Some(equal) = big_range::equal(heap, a, b) {
                return Ok(Answer::Known(equal));
            }
            return Ok(Answer::Undefined);
        }
        Ok(match left {
            Kind::Bytes => Answer::Known(self.cx.as_bytes(a) == self.cx.as_bytes(b)),
            Kind::List | Kind::Tuple => return self.sequences(CompareOp::Eq, a, b, depth),
            Kind::Dict => return self.dicts(a, b, depth),
            Kind::Range => {
                let (Some(a), Some(b)) = (a.as_gc::<Range>(), b.as_gc::<Range>()) else { return Ok(Answer::Undefined) };
                Answer::Known(equal_ranges(*a.get(heap), *b.get(heap)))
            }
            Kind::BigRange => big_range::equal(heap, a, b).map_or(Answer::Undefined, Answer::Known),
            Kind::Slice => {
                let (Some(a), Some(b)) = (a.as_gc::<Slice>(), b.as_gc::<Slice>()) else { return Ok(Answer::Undefined) };
                let (a, b) = (*a.get(heap), *b.get(heap));
                return self.items(&[a.start, a.stop, a.step], &[b.start, b.stop, b.step], depth);
            }
            Kind::BoundMethod => {
                let (Some(a), Some(b)) = (a.as_gc::<BoundMethod>(), b.as_gc::<BoundMethod>()) else {
                    return Ok(Answer::Undefined);
                };
                let (a, b) = (a.get(heap), b.get(heap));
                Answer::Known(a.function.same(b.function) && a.receiver.same(b.receiver))
            }
            _ => Answer::Undefined,
        })
    }

    /// Equality where at least one operand is an instance, a class, an exception or a host object.
    fn custom_equal(&mut self, a: Value, b: Value, depth: usize) -> Result<Answer, Raise> {
        for value in [a, b] {
            if flagged(self.cx, value, Dunders::EQ, "__eq__").is_some() {
                return Ok(Answer::Script);
            }
        }
        let (inner_a, inner_b) = (base_value(self.cx, a), base_value(self.cx, b));
        if inner_a.same(a) && inner_b.same(b) {
            return Ok(Answer::Undefined);
        }
        deeper(depth)?;
        self.equal(inner_a, inner_b, depth + 1)
    }

    fn order(&mut self, op: CompareOp, a: Value, b: Value, depth: usize) -> Result<Answer, Raise> {
        if is_number(a) && is_number(b) {
            return Ok(Answer::Known(holds(op, order_numbers(self.cx, a, b))));
        }
        if let (Some(a), Some(b)) = (self.cx.as_str(a), self.cx.as_str(b)) {
            // UTF-8 orders like the code points it encodes.
            return Ok(Answer::Known(holds(op, Some(a.cmp(b)))));
        }
        if is_custom(a) || is_custom(b) {
            if custom(self.cx, a, op.names().1).is_some() || custom(self.cx, b, op.swapped().names().1).is_some() {
                return Ok(Answer::Script);
            }
            let (inner_a, inner_b) = (base_value(self.cx, a), base_value(self.cx, b));
            if inner_a.same(a) && inner_b.same(b) {
                return Ok(Answer::Undefined);
            }
            deeper(depth)?;
            return self.order(op, inner_a, inner_b, depth + 1);
        }
        if let (Some(a), Some(b)) = (self.set_like(a), self.set_like(b)) {
            return self.sets(op, a, b, depth);
        }
        match (a.kind(), b.kind()) {
            (Some(Kind::Bytes), Some(Kind::Bytes)) => {
                let (a, b) =
                    (a.as_gc::<Bytes>().expect("kind was checked"), b.as_gc::<Bytes>().expect("kind was checked"));
                Ok(Answer::Known(holds(op, Some(a.get(self.cx.heap()).0.cmp(&b.get(self.cx.heap()).0)))))
            }
            (Some(Kind::List), Some(Kind::List)) | (Some(Kind::Tuple), Some(Kind::Tuple)) => {
                self.sequences(op, a, b, depth)
            }
            _ => Ok(Answer::Undefined),
        }
    }

    /// Equality of elements: identity first.
    fn element(&mut self, a: Value, b: Value, depth: usize) -> Result<Answer, Raise> {
        if a.same(b) {
            return Ok(Answer::Known(true));
        }
        match self.equal(a, b, depth)? {
            Answer::Undefined => Ok(Answer::Known(false)),
            answer => Ok(answer),
        }
    }

    fn items(&mut self, a: &[Value], b: &[Value], depth: usize) -> Result<Answer, Raise> {
        deeper(depth)?;
        for (&a, &b) in a.iter().zip(b) {
            match self.element(a, b, depth + 1)? {
                Answer::Known(true) => {}
                answer => return Ok(answer),
            }
        }
        Ok(Answer::Known(true))
    }

    /// Lists or tuples (both of the same kind): the first difference decides, else the lengths.
    fn sequences(&mut self, op: CompareOp, a: Value, b: Value, depth: usize) -> Result<Answer, Raise> {
        deeper(depth)?;
        self.visits += 1;
        if self.visits > MAX_VISITS {
            return Ok(Answer::Script);
        }
        let heap = self.cx.heap();
        let (a, b) = if let (Some(a), Some(b)) = (a.as_gc::<List>(), b.as_gc::<List>()) {
            let (a, b) = (a.get(heap), b.get(heap));
            if op == CompareOp::Eq && a.len() != b.len() {
                return Ok(Answer::Known(false));
            }
            if let (Items::Uniform(Tag::Int, a), Items::Uniform(Tag::Int, b)) = (&a.items, &b.items) {
                let signed = |words: &[u64], at: usize| words.get(at).map(|&word| word as i64);
                let at = a.iter().zip(b).position(|(a, b)| a != b).unwrap_or(a.len().min(b.len()));
                return Ok(Answer::Known(holds(op, Some(signed(a, at).cmp(&signed(b, at))))));
            }
            (Elements::List(a), Elements::List(b))
        } else {
            let (Some(a), Some(b)) = (a.as_gc::<Tuple>(), b.as_gc::<Tuple>()) else { return Ok(Answer::Undefined) };
            (Elements::Slice(a.items(heap)), Elements::Slice(b.items(heap)))
        };
        if op == CompareOp::Eq && a.len() != b.len() {
            return Ok(Answer::Known(false));
        }
        for index in 0..a.len().min(b.len()) {
            let (left, right) = (a.at(index), b.at(index));
            match self.element(left, right, depth + 1)? {
                Answer::Known(true) => {}
                Answer::Known(false) if op == CompareOp::Eq => return Ok(Answer::Known(false)),
                Answer::Known(false) => {
                    return match self.order(op, left, right, depth + 1)? {
                        // The elements' types are what the message names.
                        Answer::Undefined => Err(not_ordered(self.cx, op, left, right)),
                        answer => Ok(answer),
                    };
                }
                Answer::Script | Answer::Undefined => return Ok(Answer::Script),
            }
        }
        Ok(Answer::Known(holds(op, Some(a.len().cmp(&b.len())))))
    }

    fn dicts(&mut self, a: Value, b: Value, depth: usize) -> Result<Answer, Raise> {
        deeper(depth)?;
        self.visits += 1;
        if self.visits > MAX_VISITS {
            return Ok(Answer::Script);
        }
        let (Some(a), Some(b)) = (a.as_gc::<Dict>(), b.as_gc::<Dict>()) else { return Ok(Answer::Undefined) };
        let (a, b) = (&a.get(self.cx.heap()).table, &b.get(self.cx.heap()).table);
        if a.len() != b.len() {
            return Ok(Answer::Known(false));
        }
        for entry in a.iter() {
            let position = match self.position(b, entry.hash, entry.key, depth)? {
                Found::At(position) => position,
                Found::Nowhere => return Ok(Answer::Known(false)),
                Found::Script => return Ok(Answer::Script),
            };
            match self.element(entry.value, b.entry(position).value, depth + 1)? {
                Answer::Known(true) => {}
                answer => return Ok(answer),
            }
        }
        Ok(Answer::Known(true))
    }

    /// Where a table has a key.
    fn position<V: Copy>(&mut self, table: &Table<V>, hash: u64, key: Value, depth: usize) -> Result<Found, Raise> {
        let mut failure = None;
        let found = table.find(hash, |candidate| match self.element(candidate, key, depth + 1) {
            Ok(Answer::Known(equal)) => equal,
            other => {
                failure = Some(other);
                true
            }
        });
        match (failure, found) {
            (Some(Err(raise)), _) => Err(raise),
            (Some(Ok(_)), _) => Ok(Found::Script),
            (None, Some(position)) => Ok(Found::At(position)),
            (None, None) => Ok(Found::Nowhere),
        }
    }

    /// Sets, frozensets, and the views of dicts that compare like sets.
    fn set_like(&self, value: Value) -> Option<SetLike<'c>> {
        let heap = self.cx.heap();
        if let Some(table) = set_table(heap, value) {
            return Some(SetLike::Set(table));
        }
        let view = value.as_gc::<DictView>()?.get(heap);
        let table = &view.dict.get(heap).table;
        match view.show {
            ViewKind::Keys => Some(SetLike::Keys(table)),
            ViewKind::Items => Some(SetLike::Items(table)),
            ViewKind::Values => None,
        }
    }

    fn sets(&mut self, op: CompareOp, a: SetLike<'_>, b: SetLike<'_>, depth: usize) -> Result<Answer, Raise> {
        deeper(depth)?;
        let (small, large) = match op {
            CompareOp::Gt | CompareOp::Ge => (b, a),
            _ => (a, b),
        };
        let lengths_allow = match op {
            CompareOp::Eq | CompareOp::Ne => small.len() == large.len(),
            CompareOp::Lt | CompareOp::Gt => small.len() < large.len(),
            CompareOp::Le | CompareOp::Ge => small.len() <= large.len(),
        };
        if !lengths_allow {
            return Ok(Answer::Known(false));
        }
        self.subset(small, large, depth)
    }

    fn subset(&mut self, small: SetLike<'_>, large: SetLike<'_>, depth: usize) -> Result<Answer, Raise> {
        let keys: Vec<(u64, Value, Option<Value>)> = match small {
            SetLike::Set(table) => table.iter().map(|entry| (entry.hash, entry.key, None)).collect(),
            SetLike::Keys(table) => table.iter().map(|entry| (entry.hash, entry.key, None)).collect(),
            SetLike::Items(table) => table.iter().map(|entry| (entry.hash, entry.key, Some(entry.value))).collect(),
        };
        for (hash, key, value) in keys {
            let found = match (large, value) {
                (SetLike::Set(table), None) => self.position(table, hash, key, depth)?,
                (SetLike::Keys(table), None) => self.position(table, hash, key, depth)?,
                (SetLike::Items(table), Some(value)) => match self.position(table, hash, key, depth)? {
                    Found::At(position) => match self.element(table.entry(position).value, value, depth + 1)? {
                        Answer::Known(true) => Found::At(position),
                        Answer::Known(false) => Found::Nowhere,
                        _ => Found::Script,
                    },
                    other => other,
                },
                // Items against plain elements: tuples are needed; rare enough for the prelude.
                _ => Found::Script,
            };
            match found {
                Found::At(_) => {}
                Found::Nowhere => return Ok(Answer::Known(false)),
                Found::Script => return Ok(Answer::Script),
            }
        }
        Ok(Answer::Known(true))
    }
}

/// Bounds recursion over nested containers.
fn deeper(depth: usize) -> Result<(), Raise> {
    if depth >= MAX_NESTING { Err(Raise::too_deep("in comparison")) } else { Ok(()) }
}

#[derive(Clone, Copy)]
enum SetLike<'h> {
    Set(&'h Table<()>),
    Keys(&'h Table<Value>),
    Items(&'h Table<Value>),
}

impl SetLike<'_> {
    fn len(self) -> usize {
        match self {
            SetLike::Set(table) => table.len(),
            SetLike::Keys(table) | SetLike::Items(table) => table.len(),
        }
    }
}

/// The elements of a list or tuple.
enum Elements<'h> {
    List(&'h List),
    Slice(&'h [Value]),
}

impl Elements<'_> {
    fn len(&self) -> usize {
        match self {
            Elements::List(list) => list.len(),
            Elements::Slice(items) => items.len(),
        }
    }

    fn at(&self, index: usize) -> Value {
        match self {
            Elements::List(list) => list.get(index).expect("the index is below the length"),
            Elements::Slice(items) => items[index],
        }
    }
}

enum Found {
    At(usize),
    Nowhere,
    Script,
}

fn equal_ranges(a: Range, b: Range) -> bool {
    a.len() == b.len() && (a.is_empty() || a.start == b.start && (a.len() == 1 || a.step == b.step))
}

#[cold]
fn not_ordered(cx: &Cx<'_>, op: CompareOp, left: Value, right: Value) -> Raise {
    let (symbol, _) = op.names();
    let (left, right) = (cx.type_name(left), cx.type_name(right));
    Raise::type_error(format!("'{symbol}' not supported between instances of '{left}' and '{right}'"))
}

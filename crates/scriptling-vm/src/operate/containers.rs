//! Operators of containers: concatenation, repetition, merging, set algebra, and `in`.
//!
//! Everything is done natively as long as Rust can hash and compare the elements; otherwise the whole operation goes to
//! the prelude. In-place forms change the left operand and return it.

use crate::builtins::receiver::{base_value, mutate, text_of};
use crate::error::Raise;
use crate::heap::dict::{Table, ViewKind};
use crate::heap::{
    BigRange, Bytes, Class, Dict, DictView, FrozenSet, Gc, Instance, Kind, List, Object, Range, Set, Tuple,
};
use crate::native::{Cx, NativeResult, Outcome};
use crate::op::BinaryOp;
use crate::operate::attr::special;
use crate::operate::compare::equal_native;
use crate::operate::hash::hash_native;
use crate::operate::iterate::{is_iterable, native_items, new_list, new_tuple, with_items};
use crate::operate::lookup::{self, Lookup, dict_set_native, find, find_hashed, set_add_native};
use crate::operate::subscript::{Index, index_of};
use crate::value::Value;

/// A binary operator with a builtin container on at least one side; `None` if it is not one of theirs.
pub fn binary(
    cx: &mut Cx<'_>,
    op: BinaryOp,
    left: Value,
    right: Value,
    inplace: bool,
) -> Result<Option<Outcome>, Raise> {
    match op {
        BinaryOp::Add => add(cx, left, right, inplace),
        BinaryOp::Mul => repeat(cx, left, right, inplace),
        BinaryOp::BitOr if left.is::<Dict>() => merge(cx, left, right, inplace),
        BinaryOp::BitOr if left.is::<Class>() || right.is::<Class>() => Ok(union_of_types(cx, left, right)),
        BinaryOp::BitOr | BinaryOp::BitAnd | BinaryOp::BitXor | BinaryOp::Sub => {
            set_binary(cx, op, left, right, inplace)
        }
        _ => Ok(None),
    }
}

/// Whether the other operand may define the operator by itself.
fn is_instance(value: Value) -> bool {
    matches!(value.kind(), Some(Kind::Instance | Kind::HostObject | Kind::Exception | Kind::Class))
}

/// `int | None`: what annotations and `isinstance` take.
fn union_of_types(cx: &mut Cx<'_>, left: Value, right: Value) -> Option<Outcome> {
    let takes_part = |value: Value| value.is::<Class>() || value.is_none();
    let both = takes_part(left) && takes_part(right);
    both.then(|| Outcome::tail_call(cx.prelude("_make_union"), &[left, right]))
}

fn add(cx: &mut Cx<'_>, left: Value, right: Value, inplace: bool) -> Result<Option<Outcome>, Raise> {
    if let Some(list) = left.as_gc::<List>() {
        if inplace {
            return extend(cx, list, right).map(Some);
        }
        let Some(other) = base_value(cx, right).as_gc::<List>() else { return not_concatenable(cx, right, "list") };
        let (first, second) = (list.get(cx.heap()).len(), other.get(cx.heap()).len());
        cx.reserve((first + second) * size_of::<Value>())?;
        cx.charge_work(first + second);
        let mut result = list.get(cx.heap()).slice(0..first);
        append_list(&mut result, other.get(cx.heap()));
        return Ok(Some(Outcome::Return(cx.heap_mut().value(result))));
    }
    if let Some(tuple) = left.as_gc::<Tuple>() {
        let Some(other) = base_value(cx, right).as_gc::<Tuple>() else { return not_concatenable(cx, right, "tuple") };
        cx.charge_work(tuple.count() + other.count());
        let items = [tuple.items(cx.heap()), other.items(cx.heap())].concat();
        return new_tuple(cx, &items).map(|tuple| Some(Outcome::Return(tuple)));
    }
    Ok(None)
}

fn append_list(list: &mut List, other: &List) {
    for index in 0..other.len() {
        if let Some(item) = other.get(index) {
            list.push(item);
        }
    }
}

#[cold]
fn not_concatenable(cx: &mut Cx<'_>, right: Value, what: &str) -> Result<Option<Outcome>, Raise> {
    if is_instance(right) {
        return Ok(None);
    }
    let found = cx.type_name(right);
    Err(Raise::type_error(format!("can only concatenate {what} (not \"{found}\") to {what}")))
}

/// `list += iterable`, `list.extend(iterable)`: the list.
pub fn extend(cx: &mut Cx<'_>, list: Gc<List>, iterable: Value) -> NativeResult {
    if let Some(other) = iterable.as_gc::<List>() {
        let count = other.get(cx.heap()).len();
        cx.reserve(count * size_of::<Value>())?;
        cx.charge_work(count);
        // The elements are copied first because both may be the same list.
        let other = other.get(cx.heap()).slice(0..count);
        mutate(cx, list, |list| append_list(list, &other));
        return Ok(Outcome::Return(Value::obj(list)));
    }
    if let Some(items) = native_items(cx, iterable)? {
        cx.reserve(size_of_val(items.as_slice()))?;
        mutate(cx, list, |list| list.extend(&items));
        return Ok(Outcome::Return(Value::obj(list)));
    }
    if !is_iterable(cx, iterable) {
        return Err(Raise::type_error(format!("'{}' object is not iterable", cx.type_name(iterable))));
    }
    Ok(Outcome::tail_call(cx.prelude("_list_extend"), &[Value::obj(list), iterable]))
}

fn repeat(cx: &mut Cx<'_>, left: Value, right: Value, inplace: bool) -> Result<Option<Outcome>, Raise> {
    let is_sequence = |value: Value| value.is::<List>() || value.is::<Tuple>();
    let (sequence, count, left_first) = match (is_sequence(left), is_sequence(right)) {
        (true, _) => (left, right, true),
        (false, true) => (right, left, false),
        (false, false) => return Ok(None),
    };
    let count = match index_of(cx, count) {
        Index::Int(count) => usize::try_from(count.max(0)).unwrap_or(usize::MAX),
        Index::Huge(_) => return Err(Raise::overflow_error("cannot fit 'int' into an index-sized integer")),
        Index::Script => {
            let args = [sequence, count, Value::bool(inplace && left_first)];
            return Ok(Some(Outcome::tail_call(cx.prelude("_repeat"), &args)));
        }
        Index::Other if is_instance(count) => return Ok(None),
        Index::Other => {
            let found = cx.type_name(count);
            return Err(Raise::type_error(format!("can't multiply sequence by non-int of type '{found}'")));
        }
    };
    repeat_by(cx, sequence, count, inplace && left_first).map(|value| Some(Outcome::Return(value)))
}

/// `sequence * count` of a list or tuple.
fn repeat_by(cx: &mut Cx<'_>, sequence: Value, count: usize, inplace: bool) -> Result<Value, Raise> {
    if let Some(list) = sequence.as_gc::<List>() {
        let total = list.get(cx.heap()).len().saturating_mul(count);
        cx.reserve(total.saturating_mul(size_of::<Value>()))?;
        cx.charge_work(total);
        let repeated = list.get(cx.heap()).repeat(count);
        if inplace {
            mutate(cx, list, |list| *list = repeated);
            return Ok(sequence);
        }
        return Ok(cx.heap_mut().value(repeated));
    }
    let Some(tuple) = sequence.as_gc::<Tuple>() else { return Ok(sequence) };
    if count == 1 {
        return Ok(sequence);
    }
    let total = tuple.count().saturating_mul(count);
    cx.reserve(total.saturating_mul(2 * size_of::<Value>()))?;
    cx.charge_work(total);
    let items = tuple.items(cx.heap()).repeat(count);
    new_tuple(cx, &items)
}

// --- dicts ---

fn merge(cx: &mut Cx<'_>, left: Value, right: Value, inplace: bool) -> Result<Option<Outcome>, Raise> {
    let Some(dict) = left.as_gc::<Dict>() else { return Ok(None) };
    if inplace {
        let left = cx.keep(left);
        let merged = dict_update(cx, dict, right)?.and_then(cx, move |cx, _| Ok(Outcome::Return(cx.kept(left))));
        return merged.map(Some);
    }
    let other = base_value(cx, right);
    if !other.is::<Dict>() {
        return Ok(None);
    }
    let copy = copy_dict(cx, dict)?;
    let kept = cx.keep(Value::obj(copy));
    dict_update(cx, copy, other)?.and_then(cx, move |cx, _| Ok(Outcome::Return(cx.kept(kept)))).map(Some)
}

/// A copy of a dict.
pub(crate) fn copy_dict(cx: &mut Cx<'_>, dict: Gc<Dict>) -> Result<Gc<Dict>, Raise> {
    cx.reserve(dict.get(cx.heap()).external_size())?;
    cx.charge_work(dict.get(cx.heap()).table.len());
    let copy = dict.get(cx.heap()).clone();
    Ok(cx.heap_mut().alloc(copy))
}

/// `dict.update(other)` with a mapping or an iterable of pairs (`DictUpdate`); the result is the dict.
pub fn dict_update(cx: &mut Cx<'_>, dict: Gc<Dict>, other: Value) -> NativeResult {
    if let Some(other) = other.as_gc::<Dict>() {
        return update_from_dict(cx, dict, other);
    }
    if is_instance(other) && has_keys(cx, other) {
        return Ok(Outcome::tail_call(cx.prelude("_dict_update_mapping"), &[Value::obj(dict), other]));
    }
    if !is_iterable(cx, other) {
        return Err(Raise::type_error(format!("'{}' object is not iterable", cx.type_name(other))));
    }
    let kept = cx.keep(Value::obj(dict));
    with_items(cx, other, move |cx, items| match cx.kept(kept).as_gc::<Dict>() {
        Some(dict) => update_from_pairs(cx, dict, &items),
        None => Ok(Outcome::Return(Value::NONE)),
    })
}

/// Whether a value is a mapping in the eyes of `dict.update`: it has `keys`.
fn has_keys(cx: &Cx<'_>, value: Value) -> bool {
    special(cx, value, "keys").is_some()
        || value.as_gc::<Instance>().is_some_and(|instance| {
            let shape = &cx.isolate.shapes[instance.shape().0 as usize];
            shape.slot("keys").is_some()
        })
}

fn update_from_dict(cx: &mut Cx<'_>, dict: Gc<Dict>, other: Gc<Dict>) -> NativeResult {
    if dict == other {
        return Ok(Outcome::Return(Value::obj(dict)));
    }
    let entries: Vec<_> = other.get(cx.heap()).table.iter().copied().collect();
    cx.charge_work(entries.len());
    cx.reserve(entries.len() * 40)?;
    for entry in entries {
        match find_hashed(cx, dict, entry.key, entry.hash)? {
            Lookup::Found(at) => *dict.get_mut(cx.heap_mut()).table.value_mut(at) = entry.value,
            Lookup::Missing(hash) => lookup::insert(cx.heap_mut(), dict, hash, entry.key, entry.value),
            Lookup::Script => {
                let args = [Value::obj(dict), Value::obj(other)];
                return Ok(Outcome::tail_call(cx.prelude("_dict_update_mapping"), &args));
            }
        }
    }
    Ok(Outcome::Return(Value::obj(dict)))
}

fn update_from_pairs(cx: &mut Cx<'_>, dict: Gc<Dict>, items: &[Value]) -> NativeResult {
    for (at, &item) in items.iter().enumerate() {
        let Some(pair) = native_items(cx, item)? else {
            if is_iterable(cx, item) {
                return pairs_by_script(cx, dict, items, at);
            }
            let message = format!("cannot convert dictionary update sequence element #{at} to a sequence");
            return Err(Raise::type_error(message));
        };
        let &[key, value] = pair.as_slice() else {
            let found = pair.len();
            let message = format!("dictionary update sequence element #{at} has length {found}; 2 is required");
            return Err(Raise::value_error(message));
        };
        if !dict_set_native(cx, dict, key, value)? {
            // The pair may have been an iterator, which is used up by now.
            let pair = cx.tuple(&[key, value]);
            let mut rest = items.to_vec();
            rest[at] = pair;
            return pairs_by_script(cx, dict, &rest, at);
        }
    }
    Ok(Outcome::Return(Value::obj(dict)))
}

fn pairs_by_script(cx: &mut Cx<'_>, dict: Gc<Dict>, items: &[Value], from: usize) -> NativeResult {
    let rest = new_list(cx, &items[from..])?;
    let args = [Value::obj(dict), rest, Value::int(from as i64)];
    Ok(Outcome::tail_call(cx.prelude("_dict_update_pairs"), &args))
}

/// Adds `**mapping` to call arguments (`DictMerge`); a name that is there already is a `TypeError` about `function`.
pub fn dict_merge(cx: &mut Cx<'_>, dict: Gc<Dict>, mapping: Value, function: &str) -> NativeResult {
    let mapping = base_value(cx, mapping);
    let Some(other) = mapping.as_gc::<Dict>() else {
        if is_instance(mapping) && has_keys(cx, mapping) {
            let function = cx.str(function);
            return Ok(Outcome::tail_call(cx.prelude("_dict_merge"), &[Value::obj(dict), mapping, function]));
        }
        let found = cx.type_name(mapping);
        let message = format!("{function} argument after ** must be a mapping, not {found}");
        return Err(Raise::type_error(message));
    };
    let entries: Vec<_> = other.get(cx.heap()).table.iter().copied().collect();
    for entry in entries {
        let Some(name) = text_of(cx, entry.key) else {
            return Err(Raise::type_error(format!("{function} keywords must be strings")));
        };
        match find(cx, dict, Value::obj(name))? {
            Lookup::Found(_) => {
                let name = name.get(cx.heap()).as_str();
                let message = format!("{function} got multiple values for keyword argument '{name}'");
                return Err(Raise::type_error(message));
            }
            Lookup::Missing(hash) => {
                lookup::insert(cx.heap_mut(), dict, hash, Value::obj(name), entry.value);
            }
            Lookup::Script => {}
        }
    }
    Ok(Outcome::Return(Value::obj(dict)))
}

// --- sets ---

/// A hash table whose keys take part in set algebra.
#[derive(Clone, Copy)]
pub(crate) enum Elements {
    /// A set.
    Set(Gc<Set>),
    /// A frozenset.
    Frozen(Gc<FrozenSet>),
    /// The keys of a dict.
    Keys(Gc<Dict>),
}

impl Elements {
    /// The elements of a value that is a set of some sort; items views are materialised. `None`: not one, or only script
    /// code can hash the elements.
    pub(crate) fn of(cx: &mut Cx<'_>, value: Value) -> Result<Option<Elements>, Raise> {
        let value = base_value(cx, value);
        Ok(match value.kind() {
            Some(Kind::Set) => value.as_gc().map(Elements::Set),
            Some(Kind::FrozenSet) => value.as_gc().map(Elements::Frozen),
            Some(Kind::Dict) => value.as_gc().map(Elements::Keys),
            Some(Kind::DictView) => {
                let Some(view) = value.as_gc::<DictView>() else { return Ok(None) };
                let (dict, show) = (view.get(cx.heap()).dict, view.get(cx.heap()).show);
                match show {
                    ViewKind::Keys => Some(Elements::Keys(dict)),
                    ViewKind::Items | ViewKind::Values => Elements::collected(cx, value)?,
                }
            }
            _ => None,
        })
    }

    /// A set of the elements of a native iterable. `None`: it is not one, or only script code can hash the elements.
    pub(crate) fn collected(cx: &mut Cx<'_>, iterable: Value) -> Result<Option<Elements>, Raise> {
        let Some(items) = native_items(cx, iterable)? else { return Ok(None) };
        let set = cx.heap_mut().alloc(Set::default());
        for item in items {
            if !set_add_native(cx, set, item)? {
                return Ok(None);
            }
        }
        Ok(Some(Elements::Set(set)))
    }

    /// Hashes and elements, in order.
    pub(crate) fn entries(self, cx: &Cx<'_>) -> Vec<(u64, Value)> {
        let heap = cx.heap();
        match self {
            Elements::Set(set) => set.get(heap).table.iter().map(|entry| (entry.hash, entry.key)).collect(),
            Elements::Frozen(set) => set.get(heap).table.iter().map(|entry| (entry.hash, entry.key)).collect(),
            Elements::Keys(dict) => dict.get(heap).table.iter().map(|entry| (entry.hash, entry.key)).collect(),
        }
    }

    /// Whether `key` is one of them; `None` if only script code can tell.
    pub(crate) fn has(self, cx: &mut Cx<'_>, hash: u64, key: Value) -> Result<Option<bool>, Raise> {
        let found = match self {
            Elements::Set(set) => find_hashed(cx, set, key, hash)?,
            Elements::Frozen(set) => find_hashed(cx, set, key, hash)?,
            Elements::Keys(dict) => find_hashed(cx, dict, key, hash)?,
        };
        Ok(match found {
            Lookup::Found(_) => Some(true),
            Lookup::Missing(_) => Some(false),
            Lookup::Script => None,
        })
    }
}

/// Whether a value takes part in set operators: sets, and views of keys and items.
fn is_set(cx: &Cx<'_>, value: Value) -> bool {
    match value.kind() {
        Some(Kind::Set | Kind::FrozenSet) => true,
        Some(Kind::DictView) => {
            value.as_gc::<DictView>().is_some_and(|view| view.get(cx.heap()).show != ViewKind::Values)
        }
        _ => false,
    }
}

fn set_binary(
    cx: &mut Cx<'_>,
    op: BinaryOp,
    left: Value,
    right: Value,
    inplace: bool,
) -> Result<Option<Outcome>, Raise> {
    if !is_set(cx, left) && !is_set(cx, right) {
        return Ok(None);
    }
    let (left_base, right_base) = (base_value(cx, left), base_value(cx, right));
    // Views combine with any iterable; sets only with their like.
    let views = left_base.is::<DictView>() || right_base.is::<DictView>();
    let accepts = |cx: &Cx<'_>, value: Value| is_set(cx, value) || (views && is_iterable(cx, value));
    if !accepts(cx, left_base) || !accepts(cx, right_base) {
        return Ok(None);
    }
    if inplace && let Some(set) = left.as_gc::<Set>() {
        return set_update_with(cx, op, set, right_base).map(Some);
    }
    set_algebra(cx, op, left_base, right_base, left_base.is::<FrozenSet>()).map(Some)
}

/// `left op right` as a new set (or frozenset); the right side may be any iterable.
pub(crate) fn set_algebra(cx: &mut Cx<'_>, op: BinaryOp, left: Value, right: Value, frozen: bool) -> NativeResult {
    match native_algebra(cx, op, left, right)? {
        Some(table) => {
            let size = table.len() * 40;
            cx.reserve(size)?;
            Ok(Outcome::Return(if frozen {
                cx.heap_mut().value(FrozenSet { table })
            } else {
                cx.heap_mut().value(Set { table })
            }))
        }
        None => {
            let args = [algebra_name(cx, op), left, right, Value::bool(frozen)];
            Ok(Outcome::tail_call(cx.prelude("_set_algebra"), &args))
        }
    }
}

fn algebra_name(cx: &mut Cx<'_>, op: BinaryOp) -> Value {
    cx.str(op.names().0)
}

/// `set op= right`; the result is the set.
pub(crate) fn set_update_with(cx: &mut Cx<'_>, op: BinaryOp, set: Gc<Set>, right: Value) -> NativeResult {
    if op == BinaryOp::BitOr {
        return set_update(cx, set, right);
    }
    match native_algebra(cx, op, Value::obj(set), right)? {
        Some(table) => {
            mutate(cx, set, |set| set.table = table);
            Ok(Outcome::Return(Value::obj(set)))
        }
        None => {
            let args = [algebra_name(cx, op), Value::obj(set), right];
            Ok(Outcome::tail_call(cx.prelude("_set_algebra_in_place"), &args))
        }
    }
}

/// Adds all elements of an iterable (`SetUpdate`); the result is the set.
pub fn set_update(cx: &mut Cx<'_>, set: Gc<Set>, iterable: Value) -> NativeResult {
    if let Some(other) = Elements::of(cx, iterable)? {
        let entries = other.entries(cx);
        cx.reserve(entries.len() * 40)?;
        cx.charge_work(entries.len());
        for (hash, key) in entries {
            match find_hashed(cx, set, key, hash)? {
                Lookup::Found(_) => {}
                Lookup::Missing(hash) => lookup::insert(cx.heap_mut(), set, hash, key, ()),
                Lookup::Script => return update_by_script(cx, set, iterable),
            }
        }
        return Ok(Outcome::Return(Value::obj(set)));
    }
    let Some(items) = native_items(cx, iterable)? else {
        if !is_iterable(cx, iterable) {
            return Err(Raise::type_error(format!("'{}' object is not iterable", cx.type_name(iterable))));
        }
        return update_by_script(cx, set, iterable);
    };
    for (at, &item) in items.iter().enumerate() {
        if !set_add_native(cx, set, item)? {
            let rest = new_list(cx, &items[at..])?;
            return update_by_script(cx, set, rest);
        }
    }
    Ok(Outcome::Return(Value::obj(set)))
}

fn update_by_script(cx: &mut Cx<'_>, set: Gc<Set>, iterable: Value) -> NativeResult {
    Ok(Outcome::tail_call(cx.prelude("_set_update"), &[Value::obj(set), iterable]))
}

/// Set algebra without script code; `None` if that is impossible.
fn native_algebra(cx: &mut Cx<'_>, op: BinaryOp, left: Value, right: Value) -> Result<Option<Table<()>>, Raise> {
    let mut sides = [None, None];
    for (side, value) in sides.iter_mut().zip([left, right]) {
        *side = match Elements::of(cx, value)? {
            Some(elements) => Some(elements),
            // An iterator that cannot be put into a set natively would be half used up: materialise it in the language.
            None if value.is::<List>()
                || value.is::<Tuple>()
                || value.is::<Range>()
                || value.is::<BigRange>()
                || text_of(cx, value).is_some() =>
            {
                Elements::collected(cx, value)?
            }
            None => None,
        };
    }
    let [Some(left), Some(right)] = sides else { return Ok(None) };
    let (left_entries, right_entries) = (left.entries(cx), right.entries(cx));
    cx.charge_work(left_entries.len() + right_entries.len());
    let mut table = Table::default();
    let mut failed = false;
    let mut pick = |cx: &mut Cx<'_>, entries: &[(u64, Value)], other: Elements, wanted: bool| -> Result<(), Raise> {
        for &(hash, key) in entries {
            match other.has(cx, hash, key)? {
                Some(found) if found == wanted => _ = table.insert_new(hash, key, ()),
                Some(_) => {}
                None => failed = true,
            }
        }
        Ok(())
    };
    match op {
        BinaryOp::BitAnd if right_entries.len() < left_entries.len() => pick(cx, &right_entries, left, true)?,
        BinaryOp::BitAnd => pick(cx, &left_entries, right, true)?,
        BinaryOp::Sub => pick(cx, &left_entries, right, false)?,
        BinaryOp::BitXor => {
            pick(cx, &left_entries, right, false)?;
            pick(cx, &right_entries, left, false)?;
        }
        _ => {
            // Union: everything of the left, then what is new in the right.
            for &(hash, key) in &left_entries {
                table.insert_new(hash, key, ());
            }
            for &(hash, key) in &right_entries {
                match left.has(cx, hash, key)? {
                    Some(true) => {}
                    Some(false) => _ = table.insert_new(hash, key, ()),
                    None => failed = true,
                }
            }
        }
    }
    Ok((!failed).then_some(table))
}

// --- membership ---

/// `item in container`: a bool.
pub fn contains(cx: &mut Cx<'_>, container: Value, item: Value) -> NativeResult {
    match container.kind() {
        Some(Kind::Dict) => match container.as_gc::<Dict>() {
            Some(dict) => lookup::has_key(cx, dict, item),
            None => contains_other(cx, container, item),
        },
        Some(Kind::Set) => match container.as_gc::<Set>() {
            Some(set) => lookup::has_key(cx, set, item),
            None => contains_other(cx, container, item),
        },
        Some(Kind::FrozenSet) => match container.as_gc::<FrozenSet>() {
            Some(set) => lookup::has_key(cx, set, item),
            None => contains_other(cx, container, item),
        },
        Some(Kind::List | Kind::Tuple) => contains_sequence(cx, container, item),
        Some(Kind::Str) => contains_text(cx, container, item),
        Some(Kind::Bytes) => contains_byte(cx, container, item),
        Some(Kind::DictView) => contains_view(cx, container, item),
        Some(Kind::Range) => {
            let range = container.as_gc::<Range>().map(|range| *range.get(cx.heap()));
            match (range, index_of(cx, item)) {
                (Some(range), Index::Int(value)) if !is_instance(item) => {
                    Ok(Outcome::Return(Value::bool(range.index_of(value).is_some())))
                }
                _ => contains_other(cx, container, item),
            }
        }
        Some(Kind::BigRange) => match (container.as_gc::<BigRange>(), cx.to_big(item)) {
            (Some(range), Some(value)) => {
                Ok(Outcome::Return(Value::bool(range.get(cx.heap()).index_of(&value).is_some())))
            }
            _ => contains_other(cx, container, item),
        },
        _ => contains_other(cx, container, item),
    }
}

/// The position of an item in a list or tuple from `start` up to `stop`, by identity or equality; the inner error: only
/// script code can tell.
pub(crate) fn position_of(
    cx: &mut Cx<'_>,
    sequence: Value,
    item: Value,
    start: usize,
    stop: usize,
) -> Result<Result<Option<usize>, ()>, Raise> {
    if let Some(list) = sequence.as_gc::<List>()
        && let Some(wanted) = item.as_int()
        && let Some(words) = list.get(cx.heap()).ints()
    {
        // The usual case at full speed: ints among ints.
        let range = words.get(start..stop.min(words.len())).unwrap_or_default();
        let found = range.iter().position(|&word| word as i64 == wanted);
        let touched = found.unwrap_or(range.len());
        cx.charge_work(touched / 4);
        return Ok(Ok(found.map(|at| start + at)));
    }
    for at in start..stop {
        let candidate = match sequence.as_gc::<List>() {
            Some(list) => list.get(cx.heap()).get(at),
            None => sequence.as_gc::<Tuple>().and_then(|tuple| tuple.items(cx.heap()).get(at).copied()),
        };
        let Some(candidate) = candidate else { break };
        match same_or_equal(cx, candidate, item)? {
            Some(true) => {
                cx.charge_work(at - start);
                return Ok(Ok(Some(at)));
            }
            Some(false) => {}
            None => return Ok(Err(())),
        }
    }
    cx.charge_work(stop.saturating_sub(start));
    Ok(Ok(None))
}

/// Identity or equality, as containers compare; `None`: only script code can tell.
#[inline]
pub(crate) fn same_or_equal(cx: &mut Cx<'_>, left: Value, right: Value) -> Result<Option<bool>, Raise> {
    if left.same(right) { Ok(Some(true)) } else { equal_native(cx, left, right) }
}

fn contains_sequence(cx: &mut Cx<'_>, container: Value, item: Value) -> NativeResult {
    let len = crate::operate::iterate::length_native(cx, container).unwrap_or(0);
    match position_of(cx, container, item, 0, len as usize)? {
        Ok(found) => Ok(Outcome::Return(Value::bool(found.is_some()))),
        Err(()) => Ok(Outcome::tail_call(cx.prelude("_contains"), &[container, item])),
    }
}

fn contains_text(cx: &mut Cx<'_>, container: Value, item: Value) -> NativeResult {
    match (text_of(cx, container), text_of(cx, item)) {
        (Some(text), Some(part)) => {
            cx.charge_work(text.get(cx.heap()).as_str().len() / 16);
            let found = text.get(cx.heap()).as_str().contains(part.get(cx.heap()).as_str());
            Ok(Outcome::Return(Value::bool(found)))
        }
        _ => {
            let found = cx.type_name(item);
            Err(Raise::type_error(format!("'in <string>' requires string as left operand, not {found}")))
        }
    }
}

fn contains_byte(cx: &mut Cx<'_>, container: Value, item: Value) -> NativeResult {
    let Some(bytes) = container.as_gc::<Bytes>() else { return contains_other(cx, container, item) };
    if let Some(part) = base_value(cx, item).as_gc::<Bytes>() {
        let (bytes, part) = (&bytes.get(cx.heap()).0, &part.get(cx.heap()).0);
        let found = part.is_empty() || bytes.windows(part.len()).any(|window| window == &**part);
        return Ok(Outcome::Return(Value::bool(found)));
    }
    match index_of(cx, item) {
        Index::Int(byte @ 0..=255) => Ok(Outcome::Return(Value::bool(bytes.get(cx.heap()).0.contains(&(byte as u8))))),
        Index::Int(_) | Index::Huge(_) => Err(Raise::value_error("byte must be in range(0, 256)")),
        Index::Script | Index::Other => {
            let found = cx.type_name(item);
            Err(Raise::type_error(format!("a bytes-like object is required, not '{found}'")))
        }
    }
}

fn contains_view(cx: &mut Cx<'_>, container: Value, item: Value) -> NativeResult {
    let Some(view) = container.as_gc::<DictView>() else { return contains_other(cx, container, item) };
    let (dict, show) = (view.get(cx.heap()).dict, view.get(cx.heap()).show);
    match show {
        ViewKind::Keys => lookup::has_key(cx, dict, item),
        ViewKind::Values => {
            let values: Vec<Value> = dict.get(cx.heap()).table.iter().map(|entry| entry.value).collect();
            cx.charge_work(values.len());
            for value in values {
                match same_or_equal(cx, value, item)? {
                    Some(true) => return Ok(Outcome::Return(Value::TRUE)),
                    Some(false) => {}
                    None => return Ok(Outcome::tail_call(cx.prelude("_contains"), &[container, item])),
                }
            }
            Ok(Outcome::Return(Value::FALSE))
        }
        ViewKind::Items => {
            let Some(&[key, value]) = item.as_gc::<Tuple>().map(|pair| pair.items(cx.heap())) else {
                return Ok(Outcome::Return(Value::FALSE));
            };
            let Some(hash) = hash_native(cx, key)? else {
                return Ok(Outcome::tail_call(cx.prelude("_contains"), &[container, item]));
            };
            let stored = match find_hashed(cx, dict, key, hash)? {
                Lookup::Found(at) => dict.get(cx.heap()).table.entry(at).value,
                Lookup::Missing(_) => return Ok(Outcome::Return(Value::FALSE)),
                Lookup::Script => return Ok(Outcome::tail_call(cx.prelude("_contains"), &[container, item])),
            };
            match same_or_equal(cx, stored, value)? {
                Some(equal) => Ok(Outcome::Return(Value::bool(equal))),
                None => Ok(Outcome::tail_call(cx.prelude("_contains"), &[container, item])),
            }
        }
    }
}

fn contains_other(cx: &mut Cx<'_>, container: Value, item: Value) -> NativeResult {
    match special(cx, container, "__contains__") {
        Some(method) if method.is_none() => {}
        // Natives of builtin types come back here with the builtin value, so only methods of instances are called.
        Some(method) if is_instance(container) => {
            return Ok(Outcome::call(method, &[container, item], |cx, result| {
                let value = result?;
                crate::operate::truth::truth(cx, value)
            }));
        }
        _ if is_iterable(cx, container) => {
            return Ok(Outcome::tail_call(cx.prelude("_contains"), &[container, item]));
        }
        _ => {}
    }
    let found = cx.type_name(container);
    Err(Raise::type_error(format!("argument of type '{found}' is not iterable")))
}

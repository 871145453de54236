//! Finding, inserting and deleting keys of dicts and sets.
//!
//! Keys whose hash and equality Rust can tell (numbers, strings, tuples of them, instances without `__eq__`) are handled at
//! once. The others need script code, and natives never run any: the functions here that return an outcome then redirect to
//! a prelude function that hashes and compares in the language and comes back through intrinsics (`_candidates`,
//! `_dict_insert`, ...). The `*_native` functions answer "not possible" instead, for bulk operations that redirect as a whole.

use crate::error::{ExcClass, Raise};
use crate::heap::dict::Table;
use crate::heap::{Dict, FrozenSet, Gc, Heap, Object, Set};
use crate::native::{Cx, NativeResult, Outcome};
use crate::operate::compare::equal_native;
use crate::operate::hash::hash_native;
use crate::operate::plain;
use crate::value::{Tag, Value};

/// The outcome of looking for a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lookup {
    /// It is at this position of the table.
    Found(usize),
    /// It is not there; this is its hash.
    Missing(u64),
    /// Only script code can tell.
    Script,
}

/// The three kinds of object that are hash tables.
pub(crate) trait Keyed: Object {
    /// What is stored with a key.
    type Stored: Copy;
    /// The table.
    fn table(&self) -> &Table<Self::Stored>;
    /// The table, for changing.
    fn table_mut(&mut self) -> &mut Table<Self::Stored>;
}

macro_rules! keyed {
    ($($object:ty, $stored:ty;)*) => {$(
        impl Keyed for $object {
            type Stored = $stored;
            #[inline(always)]
            fn table(&self) -> &Table<$stored> {
                &self.table
            }
            #[inline(always)]
            fn table_mut(&mut self) -> &mut Table<$stored> {
                &mut self.table
            }
        }
    )*};
}

keyed! {
    Dict, Value;
    Set, ();
    FrozenSet, ();
}

/// Looks for `key` in a dict, set or frozenset.
#[inline]
pub(crate) fn find<T: Keyed>(cx: &mut Cx<'_>, object: Gc<T>, key: Value) -> Result<Lookup, Raise> {
    match plain::find(cx.heap(), object, key) {
        Some(found) => Ok(found),
        None => find_any(cx, object, key),
    }
}

#[inline(never)]
fn find_any<T: Keyed>(cx: &mut Cx<'_>, object: Gc<T>, key: Value) -> Result<Lookup, Raise> {
    let Some(hash) = hash_native(cx, key)? else { return Ok(Lookup::Script) };
    find_hashed(cx, object, key, hash)
}

/// Looks for a string key in a dict.
pub fn dict_find(cx: &mut Cx<'_>, dict: Gc<Dict>, key: Value) -> Result<Lookup, Raise> {
    find(cx, dict, key)
}

/// Looks for a key whose hash is known. Candidates are compared outside the table's borrow, one after the other; nearly
/// always the first one is it.
pub(crate) fn find_hashed<T: Keyed>(cx: &mut Cx<'_>, object: Gc<T>, key: Value, hash: u64) -> Result<Lookup, Raise> {
    let mut rejected = 0;
    loop {
        let mut seen = 0;
        let table = object.get(cx.heap()).table();
        let candidate = table.find(hash, |candidate| {
            // Inline numbers and singletons need no second look: the same tag decides.
            if candidate.tag() == key.tag() && candidate.tag() != Tag::Obj && candidate.tag() != Tag::Float {
                return candidate.same(key);
            }
            seen += 1;
            seen > rejected
        });
        let Some(position) = candidate else { return Ok(Lookup::Missing(hash)) };
        let stored = table.entry(position).key;
        if stored.same(key) {
            return Ok(Lookup::Found(position));
        }
        match equal_native(cx, stored, key)? {
            Some(true) => return Ok(Lookup::Found(position)),
            Some(false) => rejected += 1,
            None => return Ok(Lookup::Script),
        }
    }
}

/// Adds a key that is known to be absent, counting what the table grows by.
#[inline]
pub(crate) fn insert<T: Keyed>(heap: &mut Heap, object: Gc<T>, hash: u64, key: Value, value: T::Stored) {
    let grown = object.get_mut(heap).table_mut().insert_new(hash, key, value);
    if grown > 0 {
        heap.charge(grown);
    }
}

/// A `KeyError` for a key.
#[cold]
pub(crate) fn key_error(key: Value) -> Raise {
    Raise::with_argument(ExcClass::KeyError, key)
}

/// `dict[key]`.
pub fn dict_get(cx: &mut Cx<'_>, dict: Gc<Dict>, key: Value) -> NativeResult {
    match find(cx, dict, key)? {
        Lookup::Found(position) => Ok(Outcome::Return(dict.get(cx.heap()).table.entry(position).value)),
        Lookup::Missing(_) => Err(key_error(key)),
        Lookup::Script => Ok(Outcome::tail_call(cx.prelude("_dict_getitem"), &[Value::obj(dict), key])),
    }
}

/// `dict.get(key, default)`.
pub(crate) fn dict_get_or(cx: &mut Cx<'_>, dict: Gc<Dict>, key: Value, default: Value) -> NativeResult {
    match find(cx, dict, key)? {
        Lookup::Found(position) => Ok(Outcome::Return(dict.get(cx.heap()).table.entry(position).value)),
        Lookup::Missing(_) => Ok(Outcome::Return(default)),
        Lookup::Script => Ok(Outcome::tail_call(cx.prelude("_dict_get"), &[Value::obj(dict), key, default])),
    }
}

/// `dict[key] = value`; the result is `None`.
pub fn dict_set(cx: &mut Cx<'_>, dict: Gc<Dict>, key: Value, value: Value) -> NativeResult {
    if dict_set_native(cx, dict, key, value)? {
        return Ok(Outcome::Return(Value::NONE));
    }
    Ok(Outcome::tail_call(cx.prelude("_dict_setitem"), &[Value::obj(dict), key, value]))
}

/// `dict[key] = value`; false (and nothing changed) if only script code can tell where the key belongs.
#[inline]
pub(crate) fn dict_set_native(cx: &mut Cx<'_>, dict: Gc<Dict>, key: Value, value: Value) -> Result<bool, Raise> {
    match find(cx, dict, key)? {
        Lookup::Found(position) => *dict.get_mut(cx.heap_mut()).table.value_mut(position) = value,
        Lookup::Missing(hash) => insert(cx.heap_mut(), dict, hash, key, value),
        Lookup::Script => return Ok(false),
    }
    Ok(true)
}

/// `del dict[key]`; the result is `None`.
pub fn dict_delete(cx: &mut Cx<'_>, dict: Gc<Dict>, key: Value) -> NativeResult {
    match find(cx, dict, key)? {
        Lookup::Found(position) => {
            dict.get_mut(cx.heap_mut()).table.remove(position);
            Ok(Outcome::Return(Value::NONE))
        }
        Lookup::Missing(_) => Err(key_error(key)),
        Lookup::Script => Ok(Outcome::tail_call(cx.prelude("_dict_delitem"), &[Value::obj(dict), key])),
    }
}

/// `dict.pop(key, default)`; an undefined default means there is none.
pub(crate) fn dict_pop(cx: &mut Cx<'_>, dict: Gc<Dict>, key: Value, default: Value) -> NativeResult {
    match find(cx, dict, key)? {
        Lookup::Found(position) => Ok(Outcome::Return(dict.get_mut(cx.heap_mut()).table.remove(position).value)),
        Lookup::Missing(_) if default.is_undefined() => Err(key_error(key)),
        Lookup::Missing(_) => Ok(Outcome::Return(default)),
        Lookup::Script if default.is_undefined() => {
            Ok(Outcome::tail_call(cx.prelude("_dict_pop"), &[Value::obj(dict), key]))
        }
        Lookup::Script => Ok(Outcome::tail_call(cx.prelude("_dict_pop_default"), &[Value::obj(dict), key, default])),
    }
}

/// Whether a dict, set or frozenset has the key: a bool.
pub(crate) fn has_key<T: Keyed>(cx: &mut Cx<'_>, object: Gc<T>, key: Value) -> NativeResult {
    match find(cx, object, key)? {
        Lookup::Found(_) => Ok(Outcome::Return(Value::TRUE)),
        Lookup::Missing(_) => Ok(Outcome::Return(Value::FALSE)),
        Lookup::Script => Ok(Outcome::tail_call(cx.prelude("_has_key"), &[Value::obj(object), key])),
    }
}

/// `set.add(item)`; the result is `None`.
pub fn set_add(cx: &mut Cx<'_>, set: Gc<Set>, item: Value) -> NativeResult {
    if set_add_native(cx, set, item)? {
        return Ok(Outcome::Return(Value::NONE));
    }
    Ok(Outcome::tail_call(cx.prelude("_set_add"), &[Value::obj(set), item]))
}

/// `set.add(item)`; false (and nothing changed) if only script code can tell whether it is there.
#[inline]
pub(crate) fn set_add_native<T: Keyed<Stored = ()>>(cx: &mut Cx<'_>, set: Gc<T>, item: Value) -> Result<bool, Raise> {
    match find(cx, set, item)? {
        Lookup::Found(_) => {}
        Lookup::Missing(hash) => insert(cx.heap_mut(), set, hash, item, ()),
        Lookup::Script => return Ok(false),
    }
    Ok(true)
}

/// Removes an item of a set; `strict`: `KeyError` if it is not there. The result is `None`.
pub(crate) fn set_remove(cx: &mut Cx<'_>, set: Gc<Set>, item: Value, strict: bool) -> NativeResult {
    match find(cx, set, item)? {
        Lookup::Found(position) => {
            set.get_mut(cx.heap_mut()).table.remove(position);
            Ok(Outcome::Return(Value::NONE))
        }
        Lookup::Missing(_) if strict => Err(key_error(item)),
        Lookup::Missing(_) => Ok(Outcome::Return(Value::NONE)),
        Lookup::Script => {
            let args = [Value::obj(set), item, Value::bool(strict)];
            Ok(Outcome::tail_call(cx.prelude("_set_remove"), &args))
        }
    }
}

//! What the prelude is built on: natives that only it can name, because nothing else resolves them.
//!
//! They trust their arguments more than builtins do (the prelude is part of the program), but none may panic: prelude
//! functions get values that scripts made.

use super::{print, sort};
use crate::heap::{Dict, FrozenSet, Gc, Set};
use crate::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use crate::operate::attr::special;
use crate::operate::hash::table_hash;
use crate::operate::lookup::{self, Keyed, key_error};
use crate::value::Value;

/// Registers the natives that the prelude's container functions use. Their names start with an underscore.
pub(crate) fn define(module: &mut ModuleBuilder<'_>) {
    module
        .raw("_candidates(table, hash, /)", "", candidates)
        .raw("_stored(dict, hash, stored, /)", "", stored_value)
        .raw("_replace(dict, hash, stored, value, /)", "", replace)
        .raw("_insert(table, hash, key, value=None, /)", "", insert)
        .raw("_delete(table, hash, stored, /)", "", delete)
        .raw("_special(value, name, /)", "", special_method)
        .raw("_sort_order(keys, reverse, /)", "", sort::sort_order)
        .raw("_list_assign(list, values, order, /)", "", sort::list_assign)
        .raw("_freeze(set, /)", "", |cx, args| Ok(Outcome::Return(super::set::freeze(cx, args[0]))))
        .raw("_index(value, /)", "", |cx, args| crate::operate::index(cx, args[0]))
        .raw("_write(text, flush, /)", "", print::write);
}

/// What is done with the table behind a dict, set or frozenset.
fn with_table<R>(
    cx: &mut Cx<'_>,
    table: Value,
    dict: impl FnOnce(&mut Cx<'_>, Gc<Dict>) -> R,
    set: impl FnOnce(&mut Cx<'_>, Gc<Set>) -> R,
    other: R,
) -> R {
    if let Some(table) = table.as_gc::<Dict>() {
        return dict(cx, table);
    }
    match table.as_gc::<Set>() {
        Some(table) => set(cx, table),
        None => other,
    }
}

/// The hash under which a key with this visible hash is filed.
fn hash_of(value: Value) -> u64 {
    table_hash(value.as_int().unwrap_or(0))
}

/// `_candidates(table, hash)`: the keys that might be equal to one with this hash.
fn candidates(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let hash = hash_of(args[1]);
    let heap = cx.heap();
    let keys = if let Some(dict) = args[0].as_gc::<Dict>() {
        dict.get(heap).table.candidates(hash)
    } else if let Some(set) = args[0].as_gc::<Set>() {
        set.get(heap).table.candidates(hash)
    } else if let Some(set) = args[0].as_gc::<FrozenSet>() {
        set.get(heap).table.candidates(hash)
    } else {
        Vec::new()
    };
    Ok(Outcome::Return(cx.list(&keys)))
}

/// The position of the very key that `_candidates` gave; comparing may have removed it since.
fn position<T: Keyed>(cx: &Cx<'_>, table: Gc<T>, hash: u64, stored: Value) -> Option<usize> {
    table.get(cx.heap()).table().find(hash, |key| key.same(stored))
}

/// `_stored(dict, hash, stored)`: the value under a stored key.
fn stored_value(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let found = args[0].as_gc::<Dict>().and_then(|dict| {
        let at = position(cx, dict, hash_of(args[1]), args[2])?;
        Some(dict.get(cx.heap()).table.entry(at).value)
    });
    found.map(Outcome::Return).ok_or_else(|| key_error(args[2]))
}

/// `_replace(dict, hash, stored, value)`: changes the value under a stored key.
fn replace(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    if let Some(dict) = args[0].as_gc::<Dict>() {
        let hash = hash_of(args[1]);
        match position(cx, dict, hash, args[2]) {
            Some(at) => *dict.get_mut(cx.heap_mut()).table.value_mut(at) = args[3],
            None => lookup::insert(cx.heap_mut(), dict, hash, args[2], args[3]),
        }
    }
    Ok(Outcome::Return(Value::NONE))
}

/// `_insert(table, hash, key, value)`: adds a key that is known to be absent.
fn insert(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let hash = hash_of(args[1]);
    with_table(
        cx,
        args[0],
        |cx, dict| lookup::insert(cx.heap_mut(), dict, hash, args[2], args[3]),
        |cx, set| lookup::insert(cx.heap_mut(), set, hash, args[2], ()),
        (),
    );
    Ok(Outcome::Return(Value::NONE))
}

/// `_delete(table, hash, stored)`: removes a stored key and returns its value.
fn delete(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let hash = hash_of(args[1]);
    let removed = with_table(
        cx,
        args[0],
        |cx, dict| {
            let at = position(cx, dict, hash, args[2])?;
            Some(dict.get_mut(cx.heap_mut()).table.remove(at).value)
        },
        |cx, set| {
            let at = position(cx, set, hash, args[2])?;
            Some(set.get_mut(cx.heap_mut()).table.remove(at).key)
        },
        None,
    );
    removed.map(Outcome::Return).ok_or_else(|| key_error(args[2]))
}

/// `_special(value, name)`: the special method of the value's class, unbound, or `None`.
fn special_method(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let name = cx.as_str(args[1]).unwrap_or_default();
    Ok(Outcome::Return(special(cx, args[0], name).unwrap_or(Value::NONE)))
}

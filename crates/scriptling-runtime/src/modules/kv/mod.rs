//! `scriptling.runtime.kv`: key-value stores, in memory and in files.
//!
//! ```python
//! import scriptling.runtime.kv as kv
//! kv.set("session:1", {"user": "ann"}, ttl=60)      # the default store, which all tasks share
//! store = kv.open("data.db")                        # a file: what set() has returned from survives a crash
//! store.update("hits", lambda n: n + 1, default=0)
//! with store.transaction() as t:
//!     t["total"] = t.get("total", 0) + t.pop("pending", 0)
//! ```
//! Values are data and are copied in and out. Operations that may take long park the task.

mod access;
mod iterate;
mod open;
mod ops;
mod transaction;
mod update;

use std::sync::Arc;

use scriptling_vm::error::ExcClass;
use scriptling_vm::native::{ModuleBuilder, NativeModule, Outcome, RawNative};
use scriptling_vm::portable::HostHandle;
use scriptling_vm::value::Value;

use crate::kv::registry::Handle;

/// The module's name.
const MODULE: &str = "scriptling.runtime.kv";

/// The module.
pub(super) struct Kv;

/// The object `default`: the store of the runtime that uses it.
struct DefaultStore;

/// What `open` returns.
struct OpenStore(Handle);

macro_rules! handles {
    ($($type:ty, $name:literal;)*) => {$(
        impl HostHandle for $type {
            fn class(&self) -> (&'static str, &'static str) {
                (MODULE, $name)
            }
            fn as_any(&self) -> &dyn std::any::Any {
                self
            }
        }
    )*};
}

handles! {
    DefaultStore, "Store";
    OpenStore, "Store";
    iterate::Keys, "KeyIterator";
    transaction::Handle, "Transaction";
}

/// `(parameters, help, function)` of each operation: the one list for the module and for stores.
const OPERATIONS: &[(&str, &str, RawNative)] = &[
    (
        "set(key, value, ttl=0, *, if_absent=False, if_equals=...)",
        "Store a copy of value (data: None, bool, int, float, str, bytes, list, tuple, dict, set, frozenset, range) under \
         the str key and return True. After ttl seconds (int or float; 0: never) it is gone. With if_absent only if the key \
         is not there, with if_equals only if its value equals that one; else False. TypeError: not data, names the part.",
        ops::set,
    ),
    ("get(key, default=None)", "A copy of the value, or default.", ops::get),
    (
        "get_or_set(key, value_or_callable, ttl=0)",
        "A copy of the value. If there is none, the given one is stored first; a callable is called for it, then. Of several \
         tasks that do so at once all get what the first has stored.",
        update::get_or_set,
    ),
    (
        "mget(keys, default=None)",
        "A list of copies of the values of keys (an iterable of str), as of one moment; default where there is none.",
        ops::mget,
    ),
    ("mset(mapping, ttl=0)", "Store all items of a dict at once: nobody sees some of them only.", ops::mset),
    (
        "pop(key, default=...)",
        "Remove the key and return its value; if it is not there, default, or KeyError without one.",
        ops::pop,
    ),
    (
        "update(key, function, default=None)",
        "Replace the value by function(value) and return the new one; function(default) if there is none. The expiry stays. \
         If the value has changed meanwhile, the function is called again with the new one, so it should do nothing else. If \
         it raises, the value stays. RuntimeError: the function itself changes the key.",
        update::update,
    ),
    (
        "incr(key, delta=1)",
        "Add to an int (missing: 0) and return it. The expiry stays. TypeError: the value is not an int.",
        ops::incr,
    ),
    ("decr(key, delta=1)", "Subtract from an int (missing: 0) and return it. The expiry stays.", ops::decr),
    ("delete(key)", "Remove the key, if it is there.", ops::delete),
    ("exists(key)", "Whether the key is there.", ops::exists),
    ("ttl(key)", "Seconds left, rounded up; -1: does not expire, -2: not there.", ops::ttl),
    (
        "expire(key, ttl)",
        "Let the key end after ttl seconds (int or float, more than 0); whether it is there.",
        ops::expire,
    ),
    ("persist(key)", "Let the key not end any more; whether it is there.", ops::persist),
    (
        "keys(pattern='*')",
        "The keys that match, sorted. * is any text (/ too), ? any character, [abc] [a-z] one of these, [^a] none of these, \
         and \\ takes the next character literally.",
        ops::keys,
    ),
    (
        "scan(prefix='', cursor=None, limit=100)",
        "A page of the keys that start with prefix: (keys, cursor). Pass the cursor for the next page; it is None after the \
         last. Whatever else changes, a key that is there during the whole scan comes exactly once. In no particular order.",
        iterate::scan,
    ),
    ("count()", "The number of keys.", ops::count),
    (
        "transaction()",
        "A context manager: with store.transaction() as t: its changes happen all at once at the end, or not at all if the \
         block raises. kv.Conflict is raised, and nothing is changed, if what the block read has changed meanwhile.",
        transaction::begin,
    ),
    ("clear()", "Remove all keys.", ops::clear),
];

/// What stores have beside the operations.
const METHODS: &[(&str, &str, RawNative)] = &[
    ("__len__(self, /)", "The number of keys.", ops::count),
    ("__contains__(self, key, /)", "Whether the key is there.", ops::exists),
    ("__getitem__(self, key, /)", "A copy of the value. KeyError: not there.", ops::item),
    ("__setitem__(self, key, value, /)", "Store a copy of the value, without expiry.", ops::set_item),
    ("__delitem__(self, key, /)", "Remove the key. KeyError: not there.", ops::delete_item),
    ("__iter__(self, /)", "An iterator over the keys, in no particular order, as scan.", iterate::iter),
    ("__repr__(self, /)", "", open::repr),
    ("__enter__(self, /)", "The store.", open::enter),
    ("__exit__(self, exc_type, exc, traceback, /)", "Close the store.", open::exit),
    (
        "close(self, /)",
        "End this handle. The store is closed with its last handle: a file is flushed and released, and what is in memory is \
         gone. Using a closed handle raises RuntimeError. The default store ends with the program; closing it does nothing.",
        open::close,
    ),
];

impl NativeModule for Kv {
    fn name(&self) -> &'static str {
        MODULE
    }

    fn doc(&self) -> &'static str {
        "Key-value stores shared by all tasks: the default one by functions of the module, others by open()."
    }

    fn define(&self, module: &mut ModuleBuilder<'_>) {
        let mut class = module.class("Store", "A key-value store.");
        for (signature, help, function) in OPERATIONS {
            let parameters = signature.replacen('(', "(self, /, ", 1).replace(", )", ")");
            // The functions look at the last arguments only, so a receiver in front does not disturb them.
            class = class.raw(parameters, *help, *function);
        }
        for (signature, help, function) in METHODS {
            class = class.raw(*signature, *help, *function);
        }
        let class = class
            .raw_getter("name", "What it was opened as.", open::name)
            .raw_getter("path", "The file behind it, as an absolute path; None if it is in memory.", open::path)
            .finish();
        module.object("default", class, Arc::new(DefaultStore));
        for (signature, help, function) in OPERATIONS {
            module.raw(*signature, *help, *function);
        }
        module.raw(
            "open(name, *, max_entries=None, max_bytes=None, policy=None, durability=None)",
            "The store of that name, made if there is none. ':memory:NAME' is in memory and may be bounded: when it is full, \
             policy 'lru' (the default) evicts what was not used for longest, 'ttl' what ends soonest, and 'reject' raises \
             kv.StoreFull. Everything else is the path of a file; durability 'immediate' (the default) means that a change is \
             on the disk when the call returns, 'eventual' within a second. ValueError: it is open with other parameters.",
            open::open,
        );
        transaction::define(module);
        iterate::define(module);
        let conflict = "What a transaction was based on has changed; nothing was written. Try again.";
        module.exception("Conflict", conflict, ExcClass::RuntimeError).finish();
        let full = "A bounded store has no room, and nothing that may be evicted.";
        module.exception("StoreFull", full, ExcClass::RuntimeError).finish();
        let damaged = "What is in a file is not what was written.";
        module.exception("Damaged", damaged, ExcClass::OSError).finish();
    }
}

fn none() -> scriptling_vm::native::NativeResult {
    Ok(Outcome::Return(Value::NONE))
}

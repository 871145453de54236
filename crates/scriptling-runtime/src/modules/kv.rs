//! `scriptling.runtime.kv`: the program's key-value store, at module level and as the object `default`.
//!
//! ```python
//! import scriptling.runtime.kv as kv
//! kv.set("session:1", {"user": "ann"}, ttl=60)
//! kv.get("session:1"); kv.incr("hits"); kv.keys("session:*")
//! ```
//! Values are data and are copied in and out.

use std::sync::Arc;

use scriptling_vm::error::Raise;
use scriptling_vm::native::{Cx, ModuleBuilder, NativeModule, NativeResult, Outcome, RawNative};
use scriptling_vm::portable::{HostHandle, Portable};
use scriptling_vm::value::Value;

use super::{receiver, runtime_of, seconds, text};
use crate::kv::{Glob, Store, StoreError, Ttl};

/// The module.
pub(super) struct Kv;

/// The object `default`: the store of the runtime that uses it.
struct DefaultStore;

impl HostHandle for DefaultStore {
    fn class(&self) -> (&'static str, &'static str) {
        ("scriptling.runtime.kv", "Store")
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// `(parameters, help, method, function)` of each operation: the one list for both faces.
const OPERATIONS: &[(&str, &str, RawNative)] = &[
    ("set(key, value, ttl=0)", "Store a copy of value; after ttl seconds it is gone (0: never).", set),
    ("get(key, default=None)", "A copy of the value, or default.", get),
    ("incr(key, delta=1)", "Add to an int (missing: 0) and return it.", incr),
    ("delete(key)", "Remove the key, if it is there.", delete),
    ("exists(key)", "Whether the key is there.", exists),
    ("ttl(key)", "Seconds left; -1: does not expire, -2: not there.", ttl),
    ("keys(pattern='*')", "The keys that match (* ? [a-z]), sorted.", keys),
    ("clear()", "Remove all keys.", clear),
];

impl NativeModule for Kv {
    fn name(&self) -> &'static str {
        "scriptling.runtime.kv"
    }

    fn doc(&self) -> &'static str {
        "A key-value store shared by all tasks."
    }

    fn define(&self, module: &mut ModuleBuilder<'_>) {
        let mut class = module.class("Store", "A key-value store.");
        for (signature, help, function) in OPERATIONS {
            let parameters = signature.replacen('(', "(self, /, ", 1).replace(", )", ")");
            // The functions look at the last arguments only, so a receiver in front does not disturb them.
            class = class.raw(parameters, *help, *function);
        }
        let class = class.raw("close(self, /)", "Nothing: the default store ends with the program.", close).finish();
        module.object("default", class, Arc::new(DefaultStore));
        for (signature, help, function) in OPERATIONS {
            module.raw(*signature, *help, *function);
        }
    }
}

/// The store, and the arguments without the receiver that methods have.
fn split<'v, const N: usize>(cx: &mut Cx<'_>, args: &'v [Value]) -> Result<(Arc<dyn Store>, &'v [Value; N]), Raise> {
    let (front, rest) = args.split_at(args.len().saturating_sub(N));
    if let Some(&store) = front.first() {
        receiver::<DefaultStore>(cx, store, "Store")?;
    }
    let rest = rest.try_into().map_err(|_| Raise::type_error("wrong number of arguments"))?;
    Ok((runtime_of(cx)?.kv.clone(), rest))
}

fn failed(error: StoreError, key: &str) -> Raise {
    match error {
        StoreError::NotAnInt => Raise::type_error(format!("the value of '{key}' is not an int")),
        StoreError::TtlTooLarge => Raise::overflow_error("ttl is too large"),
        StoreError::Failed(message) => Raise::new(scriptling_vm::error::ExcClass::OSError, message),
    }
}

fn none() -> NativeResult {
    Ok(Outcome::Return(Value::NONE))
}

fn set(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (store, &[key, value, ttl]) = split(cx, args)?;
    let key = text(cx, key, "key")?;
    let ttl = match seconds(cx, ttl, "ttl")? {
        Some(ttl) if !ttl.is_zero() => Some(ttl),
        _ => None,
    };
    let portable = Portable::from_argument(cx, value, &|| "kv value".into())?;
    if !portable.is_data() {
        let found = cx.type_name(value);
        return Err(Raise::type_error(format!("kv value: only data can be stored, not {found} or what contains one")));
    }
    store.set(&key, portable, ttl).map_err(|error| failed(error, &key))?;
    none()
}

fn get(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (store, &[key, default]) = split(cx, args)?;
    let key = text(cx, key, "key")?;
    match store.get(&key).map_err(|error| failed(error, &key))? {
        Some(value) => Ok(Outcome::Return(value.to_value(cx)?)),
        None => Ok(Outcome::Return(default)),
    }
}

fn incr(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (store, &[key, delta]) = split(cx, args)?;
    let key = text(cx, key, "key")?;
    let Some(delta) = cx.to_big(delta) else {
        return Err(Raise::type_error(format!("delta must be an int, not {}", cx.type_name(delta))));
    };
    let value = store.incr(&key, &delta).map_err(|error| failed(error, &key))?;
    Ok(Outcome::Return(value.to_value(cx)?))
}

fn delete(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (store, &[key]) = split(cx, args)?;
    let key = text(cx, key, "key")?;
    store.delete(&key).map_err(|error| failed(error, &key))?;
    none()
}

fn exists(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (store, &[key]) = split(cx, args)?;
    let key = text(cx, key, "key")?;
    Ok(Outcome::Return(Value::bool(store.exists(&key).map_err(|error| failed(error, &key))?)))
}

fn ttl(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (store, &[key]) = split(cx, args)?;
    let key = text(cx, key, "key")?;
    let seconds = match store.ttl(&key).map_err(|error| failed(error, &key))? {
        Ttl::Missing => -2,
        Ttl::Unlimited => -1,
        // Rounded up: what was stored for 60 seconds has 60 left, and what has any time left does not say 0.
        Ttl::Left(left) => i64::try_from(left.as_nanos().div_ceil(1_000_000_000)).unwrap_or(i64::MAX),
    };
    Ok(Outcome::Return(Value::int(seconds)))
}

fn keys(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (store, &[pattern]) = split(cx, args)?;
    let pattern = text(cx, pattern, "pattern")?;
    let keys = store.keys(&Glob::new(&pattern)).map_err(|error| failed(error, &pattern))?;
    cx.charge_work(keys.len() * 8);
    cx.reserve(keys.iter().map(|key| key.len() + 64).sum())?;
    let keys: Vec<Value> = keys.into_iter().map(|key| cx.str(key)).collect();
    Ok(Outcome::Return(cx.list(&keys)))
}

fn clear(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (store, []) = split(cx, args)?;
    store.clear().map_err(|error| failed(error, ""))?;
    none()
}

fn close(_cx: &mut Cx<'_>, _args: &[Value]) -> NativeResult {
    none()
}

//! The operations of stores that are one step: get, set and their kin.

use num_bigint::BigInt;
use scriptling_vm::error::{ExcClass, Raise};
use scriptling_vm::native::{Cx, Kept, NativeResult, Outcome};
use scriptling_vm::portable::Portable;
use scriptling_vm::value::Value;
use smol_str::SmolStr;

use super::super::text;
use super::access::{
    About, check_not_updating, data, expiry, key, refused, run, run_key, split, ttl as seconds, with_store,
};
use super::none;
use crate::kv::{Condition, Expiry, Glob, StoreError, Ttl, Write};

fn truth(value: bool) -> NativeResult {
    Ok(Outcome::Return(Value::bool(value)))
}

/// A value to return later, if it is worth keeping.
fn keep(cx: &mut Cx<'_>, value: Value) -> Option<Kept> {
    (!value.is_none() && !value.is_undefined()).then(|| cx.keep(value))
}

fn kept(cx: &Cx<'_>, kept: Option<Kept>) -> Value {
    kept.map_or(Value::NONE, |kept| cx.kept(kept))
}

pub(super) fn set(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (receiver, &[key_value, value, ttl, if_absent, if_equals]) = split(args)?;
    let key = key(cx, key_value)?;
    let expiry = expiry(cx, ttl)?;
    let Some(if_absent) = if_absent.as_bool() else {
        let found = cx.type_name(if_absent);
        return Err(Raise::type_error(format!("if_absent must be a bool, not {found}")));
    };
    check_not_updating(cx, receiver, std::slice::from_ref(&key))?;
    let value = data(cx, value)?;
    if if_equals.is_undefined() {
        let condition = if if_absent { Condition::Absent } else { Condition::Always };
        return run_key(
            cx,
            receiver,
            "set",
            key,
            move |store, key| store.set_if(key, value, expiry, &condition),
            |_, set, _| truth(set),
        );
    }
    if if_absent {
        return Err(Raise::value_error("if_absent and if_equals exclude each other"));
    }
    let expected = Portable::data_from_argument(cx, if_equals, &|| "if_equals".into())?;
    let work = move |store: &std::sync::Arc<dyn crate::kv::Store>, key: &SmolStr| {
        loop {
            let Some(read) = store.read(std::slice::from_ref(key), &[])?.pop() else { return Ok(Some(false)) };
            let Some(found) = read.value else { return Ok(Some(false)) };
            match found.equals(&expected) {
                Ok(true) => {}
                Ok(false) => return Ok(Some(false)),
                Err(_) => return Ok(None),
            }
            if store.set_if(key, value.clone(), expiry, &Condition::Unchanged(read.seen))? {
                return Ok(Some(true));
            }
        }
    };
    run_key(cx, receiver, "set", key, work, |_, set, _| match set {
        Some(set) => truth(set),
        None => Err(Raise::too_deep("comparison")),
    })
}

pub(super) fn get(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (receiver, &[key_value, default]) = split(args)?;
    let key = key(cx, key_value)?;
    let default = keep(cx, default);
    run_key(
        cx,
        receiver,
        "get",
        key,
        |store, key| store.get(key),
        move |cx, value, _| match value {
            Some(value) => Ok(Outcome::Return(value.to_value(cx)?)),
            None => Ok(Outcome::Return(kept(cx, default))),
        },
    )
}

pub(super) fn item(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (receiver, &[key_value]) = split(args)?;
    let key = key(cx, key_value)?;
    run_key(
        cx,
        receiver,
        "get",
        key,
        |store, key| store.get(key),
        |cx, value, key| match value {
            Some(value) => Ok(Outcome::Return(value.to_value(cx)?)),
            None => Err(missing(cx, key.clone())),
        },
    )
}

/// The exception for a key that is not there.
pub(super) fn missing(cx: &mut Cx<'_>, key: SmolStr) -> Raise {
    let key = cx.str(key);
    Raise::with_argument(ExcClass::KeyError, key)
}

pub(super) fn set_item(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (receiver, &[key_value, value]) = split(args)?;
    let key = key(cx, key_value)?;
    check_not_updating(cx, receiver, std::slice::from_ref(&key))?;
    let value = data(cx, value)?;
    run_key(cx, receiver, "set", key, move |store, key| store.set(key, value, None), |_, (), _| none())
}

pub(super) fn delete_item(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (receiver, &[key_value]) = split(args)?;
    let key = key(cx, key_value)?;
    check_not_updating(cx, receiver, std::slice::from_ref(&key))?;
    run_key(
        cx,
        receiver,
        "delete",
        key,
        |store, key| store.delete(key),
        |cx, deleted, key| {
            if deleted { none() } else { Err(missing(cx, key.clone())) }
        },
    )
}

pub(super) fn pop(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (receiver, &[key_value, default]) = split(args)?;
    let key = key(cx, key_value)?;
    check_not_updating(cx, receiver, std::slice::from_ref(&key))?;
    let strict = default.is_undefined();
    let default = keep(cx, default);
    run_key(
        cx,
        receiver,
        "pop",
        key,
        |store, key| store.take(key),
        move |cx, value, key| match value {
            Some(value) => Ok(Outcome::Return(value.to_value(cx)?)),
            None if strict => Err(missing(cx, key.clone())),
            None => Ok(Outcome::Return(kept(cx, default))),
        },
    )
}

/// The keys in a list that `Cx::collect` has made.
pub(super) fn key_list(cx: &Cx<'_>, list: Value) -> Result<Vec<SmolStr>, Raise> {
    cx.sequence(list).unwrap_or_default().into_iter().map(|value| key(cx, value)).collect()
}

/// Goes on with the keys of an iterable.
pub(super) fn with_keys<F>(cx: &mut Cx<'_>, keys: Value, next: F) -> NativeResult
where
    F: FnOnce(&mut Cx<'_>, Vec<SmolStr>) -> NativeResult + Send + 'static,
{
    if cx.as_str(keys).is_some() {
        return Err(Raise::type_error("keys must be an iterable of strings, not str"));
    }
    cx.collect(keys)?.and_then(cx, move |cx, list| {
        let keys = key_list(cx, list)?;
        next(cx, keys)
    })
}

/// A list of values, with `default` for those that are not there.
pub(super) fn values(cx: &mut Cx<'_>, values: Vec<Option<Portable>>, default: Value) -> NativeResult {
    let mut list = Vec::with_capacity(values.len());
    for value in values {
        list.push(match value {
            Some(value) => value.to_value(cx)?,
            None => default,
        });
    }
    Ok(Outcome::Return(cx.list(&list)))
}

pub(super) fn mget(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (receiver, &[keys, default]) = split(args)?;
    let receiver = receiver.map(|receiver| cx.keep(receiver));
    let default = keep(cx, default);
    with_keys(cx, keys, move |cx, keys| {
        let receiver = receiver.map(|receiver| cx.kept(receiver));
        let work = move |store: &std::sync::Arc<dyn crate::kv::Store>| store.read(&keys, &[]);
        run(cx, receiver, About::keys("mget"), work, move |cx, reads| {
            let default = kept(cx, default);
            values(cx, reads.into_iter().map(|read| read.value).collect(), default)
        })
    })
}

/// The items of a dict of data by text.
pub(super) fn items(cx: &mut Cx<'_>, mapping: Value) -> Result<Vec<(SmolStr, Portable)>, Raise> {
    let mapping = cx.base_value(mapping);
    let Some(dict) = cx.as_dict(mapping) else {
        let found = cx.type_name(mapping);
        return Err(Raise::type_error(format!("mapping must be a dict, not {found}")));
    };
    let entries: Vec<(Value, Value)> = dict.get(cx.heap()).table.iter().map(|entry| (entry.key, entry.value)).collect();
    let mut items = Vec::with_capacity(entries.len());
    for (key_value, value) in entries {
        let key = key(cx, key_value)?;
        let value = Portable::data_from_argument(cx, value, &|| format!("kv value: dict[\"{key}\"]"))?;
        items.push((key, value));
    }
    Ok(items)
}

pub(super) fn mset(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (receiver, &[mapping, ttl]) = split(args)?;
    let expiry = expiry(cx, ttl)?;
    let items = items(cx, mapping)?;
    let keys: Vec<SmolStr> = items.iter().map(|(key, _)| key.clone()).collect();
    check_not_updating(cx, receiver, &keys)?;
    let writes = items.into_iter().map(|(key, value)| (key, Write::Set(value, expiry))).collect();
    run(cx, receiver, About::keys("mset"), move |store| store.commit(&[], writes), |_, ()| none())
}

/// The delta of `incr` and `decr`.
pub(super) fn delta(cx: &mut Cx<'_>, value: Value, sign: i64) -> Result<Portable, Raise> {
    if let Some(small) = value.as_int().and_then(|small| small.checked_mul(sign)) {
        return Ok(Portable::int(small));
    }
    match cx.to_big(value) {
        Some(big) => Ok(Portable::big_int(big * BigInt::from(sign))),
        None => Err(Raise::type_error(format!("delta must be an int, not {}", cx.type_name(value)))),
    }
}

fn add(cx: &mut Cx<'_>, args: &[Value], sign: i64) -> NativeResult {
    let (receiver, &[key_value, by]) = split(args)?;
    let key = key(cx, key_value)?;
    let delta = delta(cx, by, sign)?;
    check_not_updating(cx, receiver, std::slice::from_ref(&key))?;
    if let Some(small) = delta.as_int() {
        match with_store(cx, receiver, |store| store.incr_small(&key, small))? {
            Ok(Some(sum)) => return Ok(Outcome::Return(Value::int(sum))),
            Ok(None) => {}
            Err(error) => return refused(cx, receiver, error, &key),
        }
    }
    run_key(
        cx,
        receiver,
        if sign > 0 { "incr" } else { "decr" },
        key,
        move |store, key| store.incr(key, &delta),
        |cx, value, _| Ok(Outcome::Return(value.to_value(cx)?)),
    )
}

pub(super) fn incr(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    add(cx, args, 1)
}

pub(super) fn decr(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    add(cx, args, -1)
}

pub(super) fn delete(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (receiver, &[key_value]) = split(args)?;
    let key = key(cx, key_value)?;
    check_not_updating(cx, receiver, std::slice::from_ref(&key))?;
    run_key(cx, receiver, "delete", key, |store, key| store.delete(key), |_, _, _| none())
}

pub(super) fn exists(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (receiver, &[key_value]) = split(args)?;
    let key = key(cx, key_value)?;
    run_key(cx, receiver, "exists", key, |store, key| store.exists(key), |_, exists, _| truth(exists))
}

pub(super) fn ttl(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (receiver, &[key_value]) = split(args)?;
    let key = key(cx, key_value)?;
    run_key(
        cx,
        receiver,
        "ttl",
        key,
        |store, key| store.ttl(key),
        |_, ttl, _| {
            Ok(Outcome::Return(Value::int(match ttl {
                Ttl::Missing => -2,
                Ttl::Unlimited => -1,
                // Rounded up: what was stored for 60 seconds has 60 left, and what has any time left does not say 0.
                Ttl::Left(left) => i64::try_from(left.as_nanos().div_ceil(1_000_000_000)).unwrap_or(i64::MAX),
            })))
        },
    )
}

/// The time that a key is given by `expire`.
pub(super) fn positive(cx: &mut Cx<'_>, value: Value) -> Result<std::time::Duration, Raise> {
    if value.is_none() {
        return Err(Raise::type_error("ttl must be a number of seconds, not NoneType"));
    }
    let ttl = seconds(cx, value)?;
    ttl.ok_or_else(|| Raise::value_error("ttl must be more than 0: persist() removes an expiry, delete() a key"))
}

fn change_expiry(cx: &mut Cx<'_>, receiver: Option<Value>, key: SmolStr, expiry: Expiry) -> NativeResult {
    check_not_updating(cx, receiver, std::slice::from_ref(&key))?;
    let ttl = if let Expiry::After(ttl) = expiry { Some(ttl) } else { None };
    run_key(cx, receiver, "expire", key, move |store, key| store.expire(key, ttl), |_, found, _| truth(found))
}

pub(super) fn expire(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (receiver, &[key_value, ttl]) = split(args)?;
    let key = key(cx, key_value)?;
    let ttl = positive(cx, ttl)?;
    change_expiry(cx, receiver, key, Expiry::After(ttl))
}

pub(super) fn persist(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (receiver, &[key_value]) = split(args)?;
    let key = key(cx, key_value)?;
    change_expiry(cx, receiver, key, Expiry::Never)
}

/// A list of keys.
pub(super) fn list_of(cx: &mut Cx<'_>, keys: Vec<SmolStr>) -> Result<Value, Raise> {
    cx.charge_work(keys.len() * 8);
    cx.reserve(keys.iter().map(|key| key.len() + 64).sum())?;
    let keys: Vec<Value> = keys.into_iter().map(|key| cx.str(key)).collect();
    Ok(cx.list(&keys))
}

pub(super) fn keys(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (receiver, &[pattern]) = split(args)?;
    let glob = Glob::new(&text(cx, pattern, "pattern")?);
    run(
        cx,
        receiver,
        About::whole("keys"),
        move |store| store.keys(&glob),
        |cx, keys| Ok(Outcome::Return(list_of(cx, keys)?)),
    )
}

pub(super) fn count(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let receiver = args.first().copied();
    run(cx, receiver, About::keys("count"), |store| store.len(), |_, len| Ok(Outcome::Return(Value::int(len as i64))))
}

pub(super) fn clear(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let receiver = args.first().copied();
    let work = |store: &std::sync::Arc<dyn crate::kv::Store>| -> Result<(), StoreError> { store.clear() };
    run(cx, receiver, About::whole("clear"), work, |_, ()| none())
}

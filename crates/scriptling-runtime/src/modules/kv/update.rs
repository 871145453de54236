//! `update` and `get_or_set`: what calls functions of the script.
//!
//! An update reads, calls, and stores if the value is still what was read; otherwise it starts over. So nothing is held while
//! the function runs, however long it parks, and there is nothing to deadlock on. Of several updates at once one always gets
//! through.

use std::sync::Arc;
use std::task::Poll;

use scriptling_vm::error::Raise;
use scriptling_vm::native::{Cx, Kept, NativeResult, Outcome};
use scriptling_vm::portable::Portable;
use scriptling_vm::value::Value;
use smol_str::SmolStr;

use super::super::with_duties;
use super::access::{
    About, check_not_updating, check_store_not_updating, data, exception, expiry, identity, key, run_on, split,
    with_store,
};
use crate::kv::{Condition, Expiry, Seen, Store};

/// Attempts after which an update gives up. Others getting in between that often is not by chance.
const ATTEMPTS: u32 = 10_000;

/// An update under way.
struct Update {
    store: Arc<dyn Store>,
    key: SmolStr,
    function: Kept,
    default: Kept,
    /// What the function has returned.
    result: Kept,
    attempts: u32,
}

pub(super) fn update(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (receiver, &[key_value, function, default]) = split(args)?;
    let key = key(cx, key_value)?;
    if !cx.is_callable(function) {
        return Err(Raise::type_error(format!("function must be callable, not {}", cx.type_name(function))));
    }
    check_not_updating(cx, receiver, std::slice::from_ref(&key))?;
    let store = with_store(cx, receiver, Arc::clone)?;
    let (function, default, result) = (cx.keep(function), cx.keep(default), cx.keep(Value::NONE));
    attempt(cx, Update { store, key, function, default, result, attempts: 0 })
}

fn attempt(cx: &mut Cx<'_>, update: Update) -> NativeResult {
    let (store, key) = (update.store.clone(), update.key.clone());
    let about = About::key("update", &update.key);
    let read = move |store: &Arc<dyn Store>| Ok(store.read(std::slice::from_ref(&key), &[])?.pop());
    run_on(cx, &store, about, read, move |cx, read| {
        let (value, seen) = read.map_or((None, Seen::Absent), |read| (read.value, read.seen));
        let value = match value {
            Some(value) => value.to_value(cx)?,
            None => cx.kept(update.default),
        };
        let mark = (identity(&update.store), update.key.clone());
        with_duties(cx, |duties| duties.updating.push(mark))?;
        let function = cx.kept(update.function);
        Ok(Outcome::call(function, &[value], move |cx, result| {
            let mark = (identity(&update.store), update.key.clone());
            with_duties(cx, |duties| {
                let at = duties.updating.iter().rposition(|known| *known == mark);
                at.map(|at| duties.updating.remove(at))
            })?;
            // When the function raised, or its result cannot be stored, the value stays.
            let new = result?;
            let value = data(cx, new)?;
            cx.set_kept(update.result, new);
            store_new(cx, update, value, seen)
        }))
    })
}

fn store_new(cx: &mut Cx<'_>, mut update: Update, value: Portable, seen: Seen) -> NativeResult {
    let (store, key) = (update.store.clone(), update.key.clone());
    let about = About::key("update", &update.key);
    let write = move |store: &Arc<dyn Store>| store.set_if(&key, value, Expiry::Keep, &Condition::Unchanged(seen));
    run_on(cx, &store, about, write, move |cx, stored| {
        if stored {
            return Ok(Outcome::Return(cx.kept(update.result)));
        }
        update.attempts += 1;
        if update.attempts == ATTEMPTS {
            let message = format!("the update of '{}' was overtaken {ATTEMPTS} times", update.key);
            return Err(exception(cx, "Conflict", message));
        }
        // Others first: whoever was faster may be about to be so again.
        let mut update = Some(update);
        let mut yielded = false;
        Ok(Outcome::wait(move |cx, waker| {
            if !std::mem::replace(&mut yielded, true) {
                waker.wake_by_ref();
                return Poll::Pending;
            }
            match update.take() {
                Some(update) => Poll::Ready(attempt(cx, update)),
                None => Poll::Pending,
            }
        }))
    })
}

pub(super) fn get_or_set(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (receiver, &[key_value, value, ttl]) = split(args)?;
    let key = key(cx, key_value)?;
    let expiry = expiry(cx, ttl)?;
    let store = with_store(cx, receiver, Arc::clone)?;
    let given = cx.keep(value);
    // A value that cannot be stored is an error whether it is needed or not.
    let is_callable = cx.is_callable(value);
    let ready = if is_callable { None } else { Some(data(cx, value)?) };
    let (name, about) = (key.clone(), About::key("get_or_set", &key));
    run_on(
        cx,
        &store.clone(),
        about,
        move |store| store.get(&key),
        move |cx, found| {
            if let Some(found) = found {
                return Ok(Outcome::Return(found.to_value(cx)?));
            }
            check_store_not_updating(cx, identity(&store), std::slice::from_ref(&name))?;
            match ready {
                Some(value) => set_first(cx, &store, name, value, expiry),
                None => {
                    let function = cx.kept(given);
                    Ok(Outcome::call(function, &[], move |cx, result| {
                        let value = data(cx, result?)?;
                        set_first(cx, &store, name, value, expiry)
                    }))
                }
            }
        },
    )
}

/// Stores a value unless there is one; a copy of what is there then.
fn set_first(cx: &mut Cx<'_>, store: &Arc<dyn Store>, key: SmolStr, value: Portable, expiry: Expiry) -> NativeResult {
    let about = About::key("get_or_set", &key);
    let work = move |store: &Arc<dyn Store>| {
        loop {
            if store.set_if(&key, value.clone(), expiry, &Condition::Absent)? {
                return Ok(value);
            }
            if let Some(first) = store.get(&key)? {
                return Ok(first);
            }
        }
    };
    run_on(cx, store, about, work, |cx, value| Ok(Outcome::Return(value.to_value(cx)?)))
}

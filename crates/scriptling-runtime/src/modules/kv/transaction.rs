//! `transaction()`: a block whose changes happen all at once.

use std::sync::Arc;

use scriptling_vm::error::{ExcClass, Raise};
use scriptling_vm::heap::HostObject;
use scriptling_vm::heap::data::HostData;
use scriptling_vm::native::{Cx, Kept, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::portable::Portable;
use scriptling_vm::value::Value;
use smol_str::SmolStr;

use super::super::{context, receiver as host};
use super::access::{check_store_not_updating, data, expiry, failed, identity, key, offloaded, with_store};
use super::{MODULE, none, ops};
use crate::cap::{Account, Item};
use crate::kv::{Expiry, Extent, StoreError, Transaction};
use crate::primitives::Mutex;

/// What a script holds of a transaction.
pub(super) struct Handle {
    state: Mutex<State>,
    /// Who pays for what is to be written, if there is a cap on what no task holds.
    account: Option<Arc<Account>>,
}

enum State {
    /// Not entered yet.
    New(Transaction),
    Active(Transaction),
    /// At work on another thread.
    Busy,
    /// It met a conflict in the store of that name: whatever follows, nothing will be written.
    Doomed(SmolStr),
    Ended,
}

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    module
        .class("Transaction", "Changes of a store that happen all at once. Other tasks see none of them before.")
        .raw("__enter__(self, /)", "Begin.", enter)
        .raw("__exit__(self, exc_type, exc, traceback, /)", "Write everything, or nothing after an exception.", exit)
        .raw("get(self, key, default=None)", "A copy of the value as the transaction sees it, or default.", get)
        .raw("set(self, key, value, ttl=0)", "Store a copy of value; after ttl seconds it is gone (0: never).", set)
        .raw("mget(self, keys, default=None)", "A list of copies of the values of keys.", mget)
        .raw("mset(self, mapping, ttl=0)", "Store all items of a dict.", mset)
        .raw(
            "pop(self, key, default=...)",
            "Remove the key and return its value; without one default, or KeyError.",
            pop,
        )
        .raw("incr(self, key, delta=1)", "Add to an int (missing: 0) and return it.", |cx, args| add(cx, args, 1))
        .raw("decr(self, key, delta=1)", "Subtract from an int (missing: 0) and return it.", |cx, args| {
            add(cx, args, -1)
        })
        .raw("delete(self, key)", "Remove the key, if it is there.", delete)
        .raw("exists(self, key)", "Whether the key is there.", exists)
        .raw("expire(self, key, ttl)", "Let the key end after ttl seconds; whether it is there.", expire)
        .raw("persist(self, key)", "Let the key not end any more; whether it is there.", persist)
        .raw("__getitem__(self, key, /)", "A copy of the value. KeyError: not there.", item)
        .raw("__setitem__(self, key, value, /)", "Store a copy of the value, without expiry.", set_item)
        .raw("__delitem__(self, key, /)", "Remove the key. KeyError: not there.", delete_item)
        .raw("__contains__(self, key, /)", "Whether the key is there.", exists)
        .finish();
}

pub(super) fn begin(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let store = with_store(cx, args.first().copied(), Arc::clone)?;
    let class = cx.library_class(MODULE, "Transaction");
    let class = class.ok_or_else(|| Raise::runtime_error("there are no transactions"))?;
    let cap = &context(cx)?.live.runtime.cap;
    let account = cap.as_ref().map(|cap| cap.account(format!("a transaction of store '{}'", store.name())));
    let handle = Handle { state: Mutex::new(State::New(Transaction::new(store))), account };
    Ok(Outcome::Return(cx.heap_mut().value(HostObject { class, data: HostData::Shared(Arc::new(handle)) })))
}

fn handle(cx: &Cx<'_>, value: Value) -> Result<Arc<Handle>, Raise> {
    host(cx, value, "Transaction")
}

fn enter(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let handle = handle(cx, args[0])?;
    let mut state = handle.state.lock();
    match std::mem::replace(&mut *state, State::Ended) {
        State::New(transaction) => {
            *state = State::Active(transaction);
            Ok(Outcome::Return(args[0]))
        }
        other => {
            *state = other;
            Err(Raise::runtime_error("a transaction can be entered once"))
        }
    }
}

impl Handle {
    /// Takes the transaction to work with it, for `put_back` or for good.
    fn take(&self, cx: &mut Cx<'_>) -> Result<Transaction, Raise> {
        let mut state = self.state.lock();
        match std::mem::replace(&mut *state, State::Busy) {
            State::Active(transaction) => Ok(transaction),
            other => {
                let raise = match &other {
                    State::New(_) => Raise::runtime_error("a transaction is used inside of its with block"),
                    State::Doomed(store) => failed(cx, StoreError::Conflict, store, ""),
                    State::Ended => Raise::runtime_error("the transaction has ended"),
                    _ => Raise::runtime_error("the transaction is in use by another task"),
                };
                *state = other;
                Err(raise)
            }
        }
    }

    fn item(&self, value: Portable) -> Result<Item, Raise> {
        Item::new(value, self.account.as_ref()).map_err(|full| Raise::new(ExcClass::MemoryError, full.0))
    }

    fn put_back(&self, transaction: Transaction, error: Option<&StoreError>) {
        *self.state.lock() = match error {
            Some(StoreError::Conflict) => State::Doomed(transaction.store().name().into()),
            _ => State::Active(transaction),
        };
    }
}

/// Does something with the transaction that may have to read from the store.
fn with<T, W, D>(cx: &mut Cx<'_>, receiver: Value, about: SmolStr, work: W, done: D) -> NativeResult
where
    T: Send + 'static,
    W: FnOnce(&mut Transaction) -> Result<T, StoreError> + Send + 'static,
    D: FnOnce(&mut Cx<'_>, T) -> NativeResult + Send + 'static,
{
    let handle = handle(cx, receiver)?;
    let mut transaction = handle.take(cx)?;
    let name = SmolStr::new(transaction.store().name());
    let finish = move |cx: &mut Cx<'_>, (transaction, result): (Transaction, Result<T, StoreError>)| {
        handle.put_back(transaction, result.as_ref().err());
        match result {
            Ok(result) => done(cx, result),
            Err(error) => Err(failed(cx, error, &name, &about)),
        }
    };
    let Some(lane) = transaction.store().lane(Extent::Keys).cloned() else {
        let result = work(&mut transaction);
        return finish(cx, (transaction, result));
    };
    let what = format!("store '{}' (transaction)", transaction.store().name());
    let job = lane.run(move || {
        let result = work(&mut transaction);
        (transaction, result)
    });
    offloaded(what, job, finish)
}

fn exit(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let handle = handle(cx, args[0])?;
    if !args[1].is_none() {
        *handle.state.lock() = State::Ended;
        return Ok(Outcome::Return(Value::bool(false)));
    }
    let transaction = handle.take(cx)?;
    *handle.state.lock() = State::Ended;
    let store = transaction.store().clone();
    let written = transaction.written();
    check_store_not_updating(cx, identity(&store), &written)?;
    let name = SmolStr::new(store.name());
    let done = move |cx: &mut Cx<'_>, result: Result<(), StoreError>| match result {
        Ok(()) => Ok(Outcome::Return(Value::bool(false))),
        Err(error) => Err(failed(cx, error, &name, "")),
    };
    let Some(lane) = store.lane(Extent::Keys).filter(|_| !written.is_empty()) else {
        let result = transaction.commit();
        return done(cx, result);
    };
    let what = format!("store '{}' (commit)", store.name());
    offloaded(what, lane.run(move || transaction.commit()), done)
}

fn keep(cx: &mut Cx<'_>, value: Value) -> Option<Kept> {
    (!value.is_undefined()).then(|| cx.keep(value))
}

fn get(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let key = key(cx, args[1])?;
    let default = cx.keep(args[2]);
    with(
        cx,
        args[0],
        key.clone(),
        move |t| t.get(&key),
        move |cx, value| match value {
            Some(value) => Ok(Outcome::Return(value.to_value(cx)?)),
            None => Ok(Outcome::Return(cx.kept(default))),
        },
    )
}

fn item(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let key = key(cx, args[1])?;
    let name = key.clone();
    with(
        cx,
        args[0],
        key.clone(),
        move |t| t.get(&key),
        move |cx, value| match value {
            Some(value) => Ok(Outcome::Return(value.to_value(cx)?)),
            None => Err(ops::missing(cx, name)),
        },
    )
}

/// Has the transaction write this, without a look at the store.
fn write(cx: &mut Cx<'_>, receiver: Value, items: Vec<(SmolStr, Portable)>, expiry: Expiry) -> NativeResult {
    let handle = handle(cx, receiver)?;
    let counted = |(key, value)| Ok((key, handle.item(value)?));
    let items: Vec<(SmolStr, Item)> = items.into_iter().map(counted).collect::<Result<_, Raise>>()?;
    change(cx, &handle, |t| items.into_iter().for_each(|(key, item)| t.set(key, item, expiry)))
}

fn change(cx: &mut Cx<'_>, handle: &Handle, change: impl FnOnce(&mut Transaction)) -> NativeResult {
    let mut transaction = handle.take(cx)?;
    change(&mut transaction);
    handle.put_back(transaction, None);
    none()
}

fn set(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let key = key(cx, args[1])?;
    let expiry = expiry(cx, args[3])?;
    let value = data(cx, args[2])?;
    write(cx, args[0], vec![(key, value)], expiry)
}

fn set_item(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let key = key(cx, args[1])?;
    let value = data(cx, args[2])?;
    write(cx, args[0], vec![(key, value)], Expiry::Never)
}

fn mset(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let expiry = expiry(cx, args[2])?;
    let items = ops::items(cx, args[1])?;
    write(cx, args[0], items, expiry)
}

fn delete(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let key = key(cx, args[1])?;
    let handle = handle(cx, args[0])?;
    change(cx, &handle, |t| t.delete(key))
}

fn delete_item(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let key = key(cx, args[1])?;
    let name = key.clone();
    with(
        cx,
        args[0],
        key.clone(),
        move |t| t.take(&key),
        move |cx, old| match old {
            Some(_) => none(),
            None => Err(ops::missing(cx, name)),
        },
    )
}

fn pop(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let key = key(cx, args[1])?;
    let default = keep(cx, args[2]);
    let name = key.clone();
    with(
        cx,
        args[0],
        key.clone(),
        move |t| t.take(&key),
        move |cx, value| match (value, default) {
            (Some(value), _) => Ok(Outcome::Return(value.to_value(cx)?)),
            (None, Some(default)) => Ok(Outcome::Return(cx.kept(default))),
            (None, None) => Err(ops::missing(cx, name)),
        },
    )
}

fn mget(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (receiver, default) = (cx.keep(args[0]), cx.keep(args[2]));
    ops::with_keys(cx, args[1], move |cx, keys| {
        let receiver = cx.kept(receiver);
        with(
            cx,
            receiver,
            SmolStr::default(),
            move |t| t.get_many(&keys),
            move |cx, found| {
                let default = cx.kept(default);
                ops::values(cx, found, default)
            },
        )
    })
}

fn add(cx: &mut Cx<'_>, args: &[Value], sign: i64) -> NativeResult {
    let key = key(cx, args[1])?;
    let delta = ops::delta(cx, args[2], sign)?;
    with(cx, args[0], key.clone(), move |t| t.incr(&key, &delta), |cx, sum| Ok(Outcome::Return(sum.to_value(cx)?)))
}

fn exists(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let key = key(cx, args[1])?;
    with(cx, args[0], key.clone(), move |t| t.get(&key), |_, value| Ok(Outcome::Return(Value::bool(value.is_some()))))
}

fn change_expiry(cx: &mut Cx<'_>, receiver: Value, key: SmolStr, ttl: Option<std::time::Duration>) -> NativeResult {
    with(cx, receiver, key.clone(), move |t| t.expire(&key, ttl), |_, found| Ok(Outcome::Return(Value::bool(found))))
}

fn expire(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let key = key(cx, args[1])?;
    let time = ops::positive(cx, args[2])?;
    change_expiry(cx, args[0], key, Some(time))
}

fn persist(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let key = key(cx, args[1])?;
    change_expiry(cx, args[0], key, None)
}

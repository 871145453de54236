//! From a native's arguments to a store, and from what the store says to what the script gets.
//!
//! Work on a store that may keep its thread waiting goes to the store's threads for that, and the task is parked; other work is
//! done at once. Cancelling the task gives up the result: a change that has been asked for is made or not.

use std::sync::Arc;
use std::task::Context;
use std::time::Duration;

use scriptling_vm::error::{ExcClass, Raise};
use scriptling_vm::heap::HostObject;
use scriptling_vm::heap::data::HostData;
use scriptling_vm::native::{Cx, FromValue, NativeResult};
use scriptling_vm::portable::Portable;
use scriptling_vm::value::Value;
use smol_str::SmolStr;

use super::super::{context, text, wait_outside, with_duties};
use super::{DefaultStore, MODULE, OpenStore};
use crate::kv::{Expiry, Extent, Lane, Store, StoreError};

/// The receiver, if there is one, and the arguments behind it.
pub(super) fn split<const N: usize>(args: &[Value]) -> Result<(Option<Value>, &[Value; N]), Raise> {
    let (front, rest) = args.split_at(args.len().saturating_sub(N));
    let rest = rest.try_into().map_err(|_| Raise::type_error("wrong number of arguments"))?;
    Ok((front.first().copied(), rest))
}

/// The key argument of a native.
pub(super) fn key(cx: &Cx<'_>, value: Value) -> Result<SmolStr, Raise> {
    text(cx, value, "key")
}

/// What is to be stored.
pub(super) fn data(cx: &mut Cx<'_>, value: Value) -> Result<Portable, Raise> {
    Portable::data_from_argument(cx, value, &|| "kv value".into())
}

/// A number of seconds; zero and `None` are none at all.
pub(super) fn ttl(cx: &mut Cx<'_>, value: Value) -> Result<Option<Duration>, Raise> {
    if value.is_none() {
        return Ok(None);
    }
    let seconds = if value.as_bool().is_some() { None } else { f64::from_value(cx, value)? };
    let Some(seconds) = seconds else {
        let found = cx.type_name(value);
        return Err(Raise::type_error(format!("ttl must be a number of seconds, not {found}")));
    };
    if seconds.is_nan() {
        return Err(Raise::value_error("ttl must be a number of seconds, not nan"));
    }
    if seconds < 0.0 {
        return Err(Raise::value_error("ttl must not be negative"));
    }
    if seconds == 0.0 {
        return Ok(None);
    }
    // What is too short to be told from nothing is still not for ever.
    let shortest = Duration::from_nanos(1);
    Ok(Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX).max(shortest)))
}

/// As [`ttl`], for what is stored.
pub(super) fn expiry(cx: &mut Cx<'_>, value: Value) -> Result<Expiry, Raise> {
    ttl(cx, value).map(Expiry::from)
}

/// Calls `use_` with the store that the receiver is, or with the default one.
pub(super) fn with_store<R>(
    cx: &mut Cx<'_>,
    receiver: Option<Value>,
    use_: impl FnOnce(&Arc<dyn Store>) -> R,
) -> Result<R, Raise> {
    let Some(value) = receiver else { return Ok(use_(context(cx)?.live.runtime.kv.default_store())) };
    if let Some(object) = value.as_gc::<HostObject>()
        && let HostData::Shared(handle) = &object.get(cx.heap()).data
    {
        if let Some(OpenStore(handle)) = handle.as_any().downcast_ref() {
            return match handle.opened() {
                Ok(store) => Ok(use_(store)),
                Err(_) => Err(closed(handle.store().name())),
            };
        }
        if handle.as_any().is::<DefaultStore>() {
            return Ok(use_(context(cx)?.live.runtime.kv.default_store()));
        }
    }
    let found = cx.type_name(value);
    Err(Raise::type_error(format!("descriptor requires a 'Store' object but received a '{found}'")))
}

fn closed(name: &str) -> Raise {
    Raise::runtime_error(format!("store '{name}' is closed"))
}

/// An exception of this module.
pub(super) fn exception(cx: &mut Cx<'_>, class: &str, message: String) -> Raise {
    let Some(class) = cx.library_class(MODULE, class) else { return Raise::runtime_error(message) };
    let message = cx.str(message);
    Raise::instance(cx.exception(class, &[message]))
}

/// What a script gets for what a store refuses. `key`: which one it was about, if it was one.
pub(super) fn failed(cx: &mut Cx<'_>, error: StoreError, store: &str, key: &str) -> Raise {
    match error {
        StoreError::NotAnInt => Raise::type_error(format!("the value of '{key}' is not an int")),
        StoreError::TtlTooLarge => Raise::overflow_error("ttl is too large"),
        StoreError::BadCursor => Raise::value_error("cursor must be None or what scan() of this store returned"),
        StoreError::Closed => closed(store),
        StoreError::Conflict => {
            let message = format!("the transaction's data in store '{store}' changed meanwhile: nothing was written");
            exception(cx, "Conflict", message)
        }
        StoreError::Full => exception(cx, "StoreFull", format!("store '{store}' is full")),
        StoreError::OverCap(message) => Raise::new(ExcClass::MemoryError, message),
        StoreError::Damaged(message) => exception(cx, "Damaged", message),
        StoreError::Failed(message) => Raise::new(ExcClass::OSError, message),
    }
}

/// What `run` is about: for messages.
pub(super) struct About {
    /// The operation.
    pub(super) what: &'static str,
    /// The key, if it is one.
    pub(super) key: SmolStr,
    pub(super) extent: Extent,
}

impl About {
    /// Something with one key, or none in particular.
    pub(super) fn key(what: &'static str, key: &SmolStr) -> About {
        About { what, key: key.clone(), extent: Extent::Keys }
    }

    /// Something with several keys.
    pub(super) fn keys(what: &'static str) -> About {
        About { what, key: SmolStr::default(), extent: Extent::Keys }
    }

    /// Something with all keys.
    pub(super) fn whole(what: &'static str) -> About {
        About { what, key: SmolStr::default(), extent: Extent::Whole }
    }
}

/// Does `work` with the store that the receiver is, and goes on with `done`.
pub(super) fn run<T, W, D>(cx: &mut Cx<'_>, receiver: Option<Value>, about: About, work: W, done: D) -> NativeResult
where
    T: Send + 'static,
    W: FnOnce(&Arc<dyn Store>) -> Result<T, StoreError> + Send + 'static,
    D: FnOnce(&mut Cx<'_>, T) -> NativeResult + Send + 'static,
{
    // Called where it is, because it is large and this is done often.
    let mut work = Some(work);
    let mut take = move || work.take().expect("it is done once");
    let ran = with_store(cx, receiver, |store| match store.lane(about.extent) {
        Some(lane) => Err((store.clone(), lane.clone())),
        None => Ok(take()(store)),
    })?;
    match ran {
        Ok(Ok(result)) => done(cx, result),
        Ok(Err(error)) => refused(cx, receiver, error, &about.key),
        Err((store, lane)) => offload(&lane, store, about, take(), done),
    }
}

/// As [`run`], for an operation on one key, which both functions get.
pub(super) fn run_key<T, W, D>(
    cx: &mut Cx<'_>,
    receiver: Option<Value>,
    what: &'static str,
    key: SmolStr,
    work: W,
    done: D,
) -> NativeResult
where
    T: Send + 'static,
    W: FnOnce(&Arc<dyn Store>, &SmolStr) -> Result<T, StoreError> + Send + 'static,
    D: FnOnce(&mut Cx<'_>, T, &SmolStr) -> NativeResult + Send + 'static,
{
    let mut work = Some(work);
    let mut take = move || work.take().expect("it is done once");
    let ran = with_store(cx, receiver, |store| match store.lane(Extent::Keys) {
        Some(lane) => Err((store.clone(), lane.clone())),
        None => Ok(take()(store, &key)),
    })?;
    match ran {
        Ok(Ok(result)) => done(cx, result, &key),
        Ok(Err(error)) => refused(cx, receiver, error, &key),
        Err((store, lane)) => {
            let (about, work, name) = (About::key(what, &key), take(), key.clone());
            offload(&lane, store, about, move |store| work(store, &name), move |cx, result| done(cx, result, &key))
        }
    }
}

#[cold]
pub(super) fn refused(cx: &mut Cx<'_>, receiver: Option<Value>, error: StoreError, key: &str) -> NativeResult {
    let name = with_store(cx, receiver, |store| SmolStr::new(store.name()))?;
    Err(failed(cx, error, &name, key))
}

/// As [`run`], with a store that was found before.
pub(super) fn run_on<T, W, D>(cx: &mut Cx<'_>, store: &Arc<dyn Store>, about: About, work: W, done: D) -> NativeResult
where
    T: Send + 'static,
    W: FnOnce(&Arc<dyn Store>) -> Result<T, StoreError> + Send + 'static,
    D: FnOnce(&mut Cx<'_>, T) -> NativeResult + Send + 'static,
{
    if let Some(lane) = store.lane(about.extent) {
        return offload(lane, store.clone(), about, work, done);
    }
    match work(store) {
        Ok(result) => done(cx, result),
        Err(error) => Err(failed(cx, error, store.name(), &about.key)),
    }
}

fn offload<T, W, D>(lane: &Arc<Lane>, store: Arc<dyn Store>, about: About, work: W, done: D) -> NativeResult
where
    T: Send + 'static,
    W: FnOnce(&Arc<dyn Store>) -> Result<T, StoreError> + Send + 'static,
    D: FnOnce(&mut Cx<'_>, T) -> NativeResult + Send + 'static,
{
    let name = SmolStr::new(store.name());
    let what = format!("store '{name}' ({})", about.what);
    let job = lane.run(move || work(&store));
    offloaded(what, job, move |cx, result| match result {
        Ok(result) => done(cx, result),
        Err(error) => Err(failed(cx, error, &name, &about.key)),
    })
}

/// Parks until a job on another thread is done.
pub(super) fn offloaded<T, D>(
    what: String,
    mut job: impl Future<Output = T> + Unpin + Send + 'static,
    done: D,
) -> NativeResult
where
    T: Send + 'static,
    D: FnOnce(&mut Cx<'_>, T) -> NativeResult + Send + 'static,
{
    let mut done = Some(done);
    wait_outside(
        move || what.clone(),
        move |cx, waker| {
            std::pin::Pin::new(&mut job).poll(&mut Context::from_waker(waker)).map(|result| {
                let done = done.take().expect("a wait is not polled again after it was ready");
                done(cx, result)
            })
        },
    )
}

/// The address of a store: which one it is.
pub(super) fn identity(store: &Arc<dyn Store>) -> usize {
    Arc::as_ptr(store).cast::<()>() as usize
}

/// A function that `update` calls must not change the same key: the update would start over for ever.
pub(super) fn check_not_updating(cx: &mut Cx<'_>, receiver: Option<Value>, keys: &[SmolStr]) -> Result<(), Raise> {
    if with_duties(cx, |duties| duties.updating.is_empty())? {
        return Ok(());
    }
    let store = with_store(cx, receiver, identity)?;
    check_store_not_updating(cx, store, keys)
}

/// As [`check_not_updating`], for a store that was found before.
pub(super) fn check_store_not_updating(cx: &mut Cx<'_>, store: usize, keys: &[SmolStr]) -> Result<(), Raise> {
    let is_meant = |(known, key): &&(usize, SmolStr)| *known == store && keys.contains(key);
    match with_duties(cx, |duties| duties.updating.iter().find(is_meant).cloned())? {
        Some((_, key)) => {
            Err(Raise::runtime_error(format!("this task is updating '{key}': the function must not change it itself")))
        }
        None => Ok(()),
    }
}

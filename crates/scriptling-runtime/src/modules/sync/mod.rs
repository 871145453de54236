//! `scriptling.runtime.sync`: what tasks coordinate with, by name, shared by all tasks of the program.
//!
//! ```python
//! import scriptling.runtime.sync as sync
//! queue = sync.Queue("jobs", maxsize=10)
//! queue.put({"job": 1}); job = queue.get(timeout=5)
//! sync.Shared("status", {}).update(lambda status: {**status, "done": True})
//! ```
//! Whatever waits here parks its task and holds no thread. Values are copied in and out. One file per class; what they share
//! is here: handles, asking for names, waiting, and calling functions of the script.

mod atomic;
mod barrier;
mod condition;
mod event;
mod lock;
mod once;
mod queue;
mod rate_limiter;
mod semaphore;
mod shared;
mod topic;
mod wait_group;

use std::fmt::Display;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;

use scriptling_vm::error::{ExcClass, Raise};
use scriptling_vm::heap::{Class, Dict};
use scriptling_vm::native::{
    CallRequest, ClassBuilder, Cx, FromValue, Kept, ModuleBuilder, NativeModule, NativeResult, Outcome, Resume, Wait,
};
use scriptling_vm::portable::{HostHandle, Portable};
use scriptling_vm::value::Value;

use super::{host_object, receiver, runtime_of, seconds, text, timed_out, with_duties, with_own_task};
use crate::cap::{Item, OverCap};
use crate::sync::{
    Atomic, Barrier, Condition, Denied, Event, Kind, Label, Lock, Object, Once, Owned, Owner, Queue, RateLimiter,
    Semaphore, Shared, Topic, WaitGroup, Waiting,
};
use crate::timer::Sleep;

const MODULE: &str = "scriptling.runtime.sync";

/// The module.
pub(super) struct Sync;

impl NativeModule for Sync {
    fn name(&self) -> &'static str {
        MODULE
    }

    fn doc(&self) -> &'static str {
        "What tasks coordinate with: queues, locks, events, counters, shared values and others. All have names: asking for a \
         name gets what has it, or creates it. Waiting parks the task and holds no thread; who waits longest is served first. \
         A timeout is a number of seconds and raises TimeoutError. What belongs to a task that ends is given back for it."
    }

    fn define(&self, module: &mut ModuleBuilder<'_>) {
        define_exceptions(module);
        atomic::define(module);
        barrier::define(module);
        condition::define(module);
        event::define(module);
        lock::define(module);
        once::define(module);
        queue::define(module);
        rate_limiter::define(module);
        semaphore::define(module);
        shared::define(module);
        topic::define(module);
        wait_group::define(module);
        module
            .raw(
                "delete(what, name=None)",
                "Forget a name and end what has it: delete('Queue', 'jobs'), delete(Queue, 'jobs') or delete(handle). Whoever \
                 waits on it, or uses it later, gets sync.Deleted. Returns whether there was one.",
                delete,
            )
            .raw(
                "list(kind=None)",
                "All that exist, as (kind, name) pairs: list(), list('Queue') or list(Queue).",
                list,
            );
    }
}

fn define_exceptions(module: &mut ModuleBuilder<'_>) {
    use ExcClass::{Exception, RuntimeError};
    for (name, help, base) in [
        ("Empty", "Raised by get_nowait() when there is no item.", Exception),
        (
            "Full",
            "Raised by put_nowait(), and by publish() for subscribers that want that, when there is no room.",
            Exception,
        ),
        (
            "Closed",
            "Raised by a queue or topic that was closed (a queue's get() first drains what is there).",
            RuntimeError,
        ),
        ("Deleted", "Raised by what was deleted.", RuntimeError),
        ("BrokenBarrierError", "Raised by a barrier that somebody has left or aborted.", RuntimeError),
    ] {
        module.exception(name, help, base).finish();
    }
}

/// Raises an exception of this module.
#[cold]
fn raise(cx: &mut Cx<'_>, class: &str, message: &str) -> Raise {
    let class = cx.library_class(MODULE, class).expect("`define_exceptions` registered it");
    let message = cx.str(message);
    let exception = cx.exception(class, &[message]);
    Raise::instance(exception)
}

/// A value for an object to hold.
fn item(label: &Label, value: Portable) -> Result<Item, Raise> {
    label.item(value).map_err(over_cap)
}

#[cold]
fn over_cap(error: OverCap) -> Raise {
    Raise::new(ExcClass::MemoryError, error.0)
}

#[cold]
fn deleted(cx: &mut Cx<'_>, label: &Label) -> Raise {
    raise(cx, "Deleted", &format!("{label} was deleted"))
}

// --- handles ---

/// A sync object with a class of this module.
trait Scripted: Object + HostHandle {
    /// The class's name.
    const CLASS: &'static str;
}

macro_rules! handles {
    ($($type:ident)*) => {
        $(
            impl Scripted for $type {
                const CLASS: &'static str = stringify!($type);
            }

            impl HostHandle for $type {
                fn class(&self) -> (&'static str, &'static str) {
                    (MODULE, self.label().kind().name())
                }
                fn as_any(&self) -> &dyn std::any::Any {
                    self
                }
            }
        )*

        /// The object behind a handle of any kind.
        fn any_object(cx: &Cx<'_>, value: Value) -> Option<Arc<dyn Object>> {
            $(
                if let Ok(found) = receiver::<$type>(cx, value, $type::CLASS) {
                    return Some(found);
                }
            )*
            None
        }
    };
}

// `RLock` is a `Lock` with another label.
handles! { Atomic Barrier Condition Event Lock Once Queue RateLimiter Semaphore Shared Topic WaitGroup }

/// The object that a method was called on, deleted or not.
fn handle<T: Scripted>(cx: &Cx<'_>, value: Value) -> Result<Arc<T>, Raise> {
    receiver(cx, value, T::CLASS)
}

/// The object that a method was called on, which must still exist.
fn using<T: Scripted>(cx: &mut Cx<'_>, value: Value) -> Result<Arc<T>, Raise> {
    let object = handle::<T>(cx, value)?;
    if object.label().is_deleted() {
        return Err(deleted(cx, object.label()));
    }
    Ok(object)
}

/// What a constructor does: the object of that name, made if there is none.
fn get_or_create<T: Scripted>(
    cx: &mut Cx<'_>,
    kind: Kind,
    name: Value,
    make: impl FnOnce(&mut Cx<'_>, Label) -> Result<T, Raise>,
) -> Result<Arc<T>, Raise> {
    let Some(name) = cx.as_str(name).map(smol_str::SmolStr::new) else {
        let found = cx.type_name(name);
        return Err(Raise::type_error(format!("{}() name must be a string, not {found}", kind.name())));
    };
    let runtime = runtime_of(cx)?;
    if let Some(found) = runtime.sync.get(kind, &name) {
        return Ok(found);
    }
    let label = match &runtime.cap {
        None => Label::new(kind, name),
        Some(cap) => Label::counted(kind, name, cap).map_err(over_cap)?,
    };
    let made = make(cx, label)?;
    Ok(runtime.sync.get_or_insert(made))
}

/// Refuses parameters that differ from those that the object was created with. What is not given is whatever it is.
fn same<V: PartialEq + Display>(label: &Label, what: &str, known: V, wanted: Option<V>) -> Result<(), Raise> {
    match wanted {
        Some(wanted) if wanted != known => {
            Err(Raise::value_error(format!("{label} exists with {what} {known}, not {wanted}")))
        }
        _ => Ok(()),
    }
}

/// A parameter that is needed to create an object.
fn needed<V>(label: &Label, what: &str, given: Option<V>) -> Result<V, Raise> {
    given.ok_or_else(|| Raise::value_error(format!("{label} does not exist: {what} is needed to create it")))
}

/// The members that all classes have.
fn common<'b, 'a, T: Scripted>(class: ClassBuilder<'b, 'a>) -> ClassBuilder<'b, 'a> {
    class
        .raw_getter("name", "Its name.", |cx, args| {
            let name = handle::<T>(cx, args[0])?.label().name().clone();
            Ok(Outcome::Return(cx.str(name)))
        })
        .raw(
            "delete(self, /)",
            "Forget its name and end it: whoever waits on it, or uses it later, gets sync.Deleted. Returns whether it was there.",
            |cx, args| {
                let object = handle::<T>(cx, args[0])?;
                bool(runtime_of(cx)?.sync.delete_object(&*object))
            },
        )
}

/// The kind that a script names by its class or by the class's name.
fn kind_of(cx: &Cx<'_>, value: Value) -> Result<Kind, Raise> {
    let name = match value.as_gc::<Class>() {
        Some(class) if class.get(cx.heap()).module == MODULE => Some(class.get(cx.heap()).name.clone()),
        Some(_) => None,
        None => cx.as_str(value).map(Into::into),
    };
    let Some(name) = name else {
        let found = cx.type_name(value);
        return Err(Raise::type_error(format!("kind must be a class of this module or its name, not {found}")));
    };
    Kind::from_name(&name).ok_or_else(|| {
        let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        Raise::value_error(format!("unknown kind '{name}': there are {}", known.join(", ")))
    })
}

fn delete(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let runtime = runtime_of(cx)?;
    if args[1].is_none() {
        return match any_object(cx, args[0]) {
            Some(object) => bool(runtime.sync.delete_object(&*object)),
            None => Err(Raise::type_error("delete() needs an object of this module, or a kind and a name")),
        };
    }
    if any_object(cx, args[0]).is_some() {
        return Err(Raise::type_error("delete() needs no name beside the object"));
    }
    let kind = kind_of(cx, args[0])?;
    let name = text(cx, args[1], "name")?;
    bool(runtime.sync.delete(kind, &name))
}

fn list(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let kind = if args[0].is_none() { None } else { Some(kind_of(cx, args[0])?) };
    let listed = runtime_of(cx)?.sync.list(kind);
    cx.reserve(listed.len() * 128)?;
    let pairs: Vec<Value> = listed
        .into_iter()
        .map(|(kind, name)| {
            let pair = [cx.str(kind.name()), cx.str(name)];
            cx.tuple(&pair)
        })
        .collect();
    Ok(Outcome::Return(cx.list(&pairs)))
}

// --- values ---

fn none() -> NativeResult {
    Ok(Outcome::Return(Value::NONE))
}

fn bool(value: bool) -> NativeResult {
    Ok(Outcome::Return(Value::bool(value)))
}

fn repr(cx: &mut Cx<'_>, text: &str) -> NativeResult {
    Ok(Outcome::Return(cx.str(text)))
}

/// An int that fits 64 bits: the argument `what` of a native.
fn int(cx: &mut Cx<'_>, value: Value, what: &str) -> Result<i64, Raise> {
    match i64::from_value(cx, value)? {
        Some(int) => Ok(int),
        None => Err(Raise::type_error(format!("{what} must be an int, not {}", cx.type_name(value)))),
    }
}

/// An int that is at least `least`.
fn count(cx: &mut Cx<'_>, value: Value, what: &str, least: u64) -> Result<u64, Raise> {
    let int = int(cx, value, what)?;
    u64::try_from(int)
        .ok()
        .filter(|&count| count >= least)
        .ok_or_else(|| Raise::value_error(format!("{what} must be at least {least}, not {int}")))
}

/// What may be left out: `None`, or not given at all.
fn optional<V>(
    cx: &mut Cx<'_>,
    value: Value,
    convert: impl FnOnce(&mut Cx<'_>, Value) -> Result<V, Raise>,
) -> Result<Option<V>, Raise> {
    if value.is_none() || value.is_undefined() { Ok(None) } else { convert(cx, value).map(Some) }
}

fn itself(_cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    Ok(Outcome::Return(args[0]))
}

// --- tasks ---

/// The task that asks.
fn owner(cx: &mut Cx<'_>) -> Result<Owner, Raise> {
    with_own_task(cx, |task| task.owner())
}

/// Notes that the task has taken something that it must give back.
fn hold(cx: &mut Cx<'_>, object: Arc<dyn Owned>) -> Result<(), Raise> {
    with_duties(cx, |duties| duties.held.add(object))
}

/// Notes that it has given it back.
fn let_go(cx: &mut Cx<'_>, object: &dyn Owned) -> Result<(), Raise> {
    with_duties(cx, |duties| duties.held.remove(object))
}

/// Why a task does not get its turn; `nested` is what is said to one that has it already.
fn denied(cx: &mut Cx<'_>, label: &Label, denied: Denied, nested: &str) -> Raise {
    match denied {
        Denied::Reentered => Raise::runtime_error(nested),
        Denied::Deleted => deleted(cx, label),
    }
}

// --- waiting ---

/// The end of somebody's patience.
type Limit = Option<Box<Sleep>>;

/// A limit that begins now, for what may wait more than once.
fn limit(cx: &mut Cx<'_>, timeout: Option<Duration>) -> Result<Limit, Raise> {
    match timeout {
        Some(timeout) => Ok(Some(Box::new(Sleep::new(runtime_of(cx)?.timer.clone(), timeout)))),
        None => Ok(None),
    }
}

/// Waits, and goes on with what comes of it: at once if there is nothing to wait for.
fn park<W, F>(cx: &mut Cx<'_>, timeout: Option<Duration>, mut waiting: W, done: F) -> NativeResult
where
    W: Waiting + 'static,
    F: FnOnce(&mut Cx<'_>, W::Output) -> NativeResult + Send + 'static,
{
    if let Poll::Ready(output) = waiting.poll(Waker::noop()) {
        return done(cx, output);
    }
    let limit = limit(cx, timeout)?;
    let done = move |cx: &mut Cx<'_>, output, _: Limit| done(cx, output);
    Ok(Outcome::Wait(Box::new(Parked { waiting, limit, done: Some(done) })))
}

/// The same with a limit that has begun; what goes on may use the rest of it.
fn park_until<W, F>(cx: &mut Cx<'_>, limit: Limit, mut waiting: W, done: F) -> NativeResult
where
    W: Waiting + 'static,
    F: FnOnce(&mut Cx<'_>, W::Output, Limit) -> NativeResult + Send + 'static,
{
    if let Poll::Ready(output) = waiting.poll(Waker::noop()) {
        return done(cx, output, limit);
    }
    Ok(Outcome::Wait(Box::new(Parked { waiting, limit, done: Some(done) })))
}

/// A task that waits, and how it goes on.
struct Parked<W, F> {
    waiting: W,
    /// Boxed: most have none, and there may be very many parked tasks.
    limit: Limit,
    done: Option<F>,
}

impl<W, F> Wait for Parked<W, F>
where
    W: Waiting,
    F: FnOnce(&mut Cx<'_>, W::Output, Limit) -> NativeResult + Send,
{
    fn poll(&mut self, cx: &mut Cx<'_>, waker: &Waker) -> Poll<NativeResult> {
        loop {
            if let Poll::Ready(output) = self.waiting.poll(waker) {
                let done = self.done.take().expect("a wait is not polled again after it was ready");
                return Poll::Ready(done(cx, output, self.limit.take()));
            }
            let Some(limit) = &mut self.limit else { return Poll::Pending };
            if limit.poll(waker).is_pending() {
                return Poll::Pending;
            }
            self.limit = None;
            let what = self.waiting.describe();
            if self.waiting.expire() {
                return Poll::Ready(Err(timed_out(&what)));
            }
        }
    }

    fn describe(&self) -> String {
        self.waiting.describe()
    }

    fn interrupted(&mut self) -> bool {
        self.waiting.expire()
    }

    fn only_tasks(&self) -> bool {
        self.limit.is_none() && self.waiting.only_tasks()
    }
}

// --- calling the script ---

/// A function of the script with its arguments, to be called when the time has come.
struct KeptCall {
    callee: Kept,
    args: Vec<Kept>,
    keywords: Vec<(Kept, Kept)>,
}

impl KeptCall {
    /// `args` is what `*args` was bound to, `keywords` what `**kwargs` was.
    fn new(cx: &mut Cx<'_>, callee: Value, args: Value, keywords: Value) -> KeptCall {
        let args = cx.sequence(args).unwrap_or_default();
        let keywords = keywords.as_gc::<Dict>().map_or_else(Vec::new, |keywords| {
            keywords.get(cx.heap()).table.iter().map(|entry| (entry.key, entry.value)).collect()
        });
        KeptCall {
            callee: cx.keep(callee),
            args: args.into_iter().map(|value| cx.keep(value)).collect(),
            keywords: keywords.into_iter().map(|(key, value)| (cx.keep(key), cx.keep(value))).collect(),
        }
    }

    /// Calls it, with `first` before the other arguments.
    fn outcome(self, cx: &Cx<'_>, first: Option<Value>, then: impl Resume + 'static) -> Outcome {
        Outcome::Call(Box::new(CallRequest {
            callee: cx.kept(self.callee),
            args: first.into_iter().chain(self.args.iter().map(|&kept| cx.kept(kept))).collect(),
            keywords: self.keywords.iter().map(|&(key, value)| (cx.kept(key), cx.kept(value))).collect(),
            then: Some(Box::new(then)),
        }))
    }
}

/// Calls `predicate(*args)`, and goes on with whether its result is true; that is in `result` then.
fn ask<F>(cx: &mut Cx<'_>, predicate: Kept, args: &[Value], result: Kept, then: F) -> NativeResult
where
    F: FnOnce(&mut Cx<'_>, bool) -> NativeResult + Send + 'static,
{
    Ok(Outcome::call(cx.kept(predicate), args, move |cx, answer| {
        let answer = answer?;
        cx.set_kept(result, answer);
        cx.truth(answer)?.and_then(cx, move |cx, truth| then(cx, truth.as_bool() == Some(true)))
    }))
}

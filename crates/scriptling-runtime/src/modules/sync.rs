//! `scriptling.runtime.sync`: what tasks coordinate with, by name, shared by all tasks of the program.
//!
//! ```python
//! import scriptling.runtime.sync as sync
//! queue = sync.Queue("jobs", maxsize=10)
//! queue.put({"job": 1}); job = queue.get(timeout=5)
//! sync.Shared("status", {}).update(lambda status: {**status, "done": True})
//! ```
//! Whatever waits here parks its task and holds no thread. Values are copied in and out.

use std::sync::Arc;
use std::task::{Poll, Waker};

use scriptling_vm::error::Raise;
use scriptling_vm::native::{CallRequest, Cx, FromValue, Kept, ModuleBuilder, NativeModule, NativeResult, Outcome};
use scriptling_vm::portable::{HostHandle, Portable};
use scriptling_vm::value::Value;

use super::{host_object, own_task, receiver, runtime_of, seconds, text, wait};
use crate::sync::{Atomic, Get, Lock, Permit, Put, Queue, Refused, Shared, WaitGroup, Zero};

/// The module.
pub(super) struct Sync;

impl NativeModule for Sync {
    fn name(&self) -> &'static str {
        "scriptling.runtime.sync"
    }

    fn doc(&self) -> &'static str {
        "Named queues, wait groups, counters and shared values."
    }

    fn define(&self, module: &mut ModuleBuilder<'_>) {
        define_queue(module);
        define_wait_group(module);
        define_atomic(module);
        define_shared(module);
    }
}

macro_rules! handles {
    ($($type:ident)*) => {$(
        impl HostHandle for $type {
            fn class(&self) -> (&'static str, &'static str) {
                ("scriptling.runtime.sync", stringify!($type))
            }
            fn as_any(&self) -> &dyn std::any::Any {
                self
            }
        }
    )*};
}

handles! { Queue WaitGroup Atomic Shared }

/// An int that fits 64 bits: the argument `what` of a native.
fn int(cx: &mut Cx<'_>, value: Value, what: &str) -> Result<i64, Raise> {
    match i64::from_value(cx, value)? {
        Some(int) => Ok(int),
        None => Err(Raise::type_error(format!("{what} must be an int, not {}", cx.type_name(value)))),
    }
}

fn none() -> NativeResult {
    Ok(Outcome::Return(Value::NONE))
}

fn define_queue(module: &mut ModuleBuilder<'_>) {
    module
        .class("Queue", "A first-in-first-out queue. maxsize 0: no bound; else put waits while it is full.")
        .raw_static("__new__(cls, name, maxsize=None)", "Get or create the queue of that name.", queue_new)
        .raw("put(self, item, /, timeout=None)", "Add an item; wait while the queue is full.", queue_put)
        .raw("get(self, /, timeout=None)", "Take the oldest item; wait while there is none.", queue_get)
        .raw("size(self, /)", "The number of items.", queue_size)
        .raw("__len__(self, /)", "The number of items.", queue_size)
        .raw("close(self, /)", "No more items: get drains what is there and then raises.", queue_close)
        .raw("closed(self, /)", "Whether it was closed.", queue_closed)
        .raw("__iter__(self, /)", "", iterator)
        .raw("__next__(self, /)", "", queue_next)
        .raw("__repr__(self, /)", "", queue_repr)
        .raw_getter("name", "Its name.", |cx, args| {
            let name = queue(cx, args[0])?.name().clone();
            Ok(Outcome::Return(cx.str(name)))
        })
        .finish();
}

fn queue(cx: &Cx<'_>, value: Value) -> Result<Arc<Queue>, Raise> {
    receiver(cx, value, "Queue")
}

fn queue_new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let name = text(cx, args[1], "Queue() name")?;
    let maxsize = if args[2].is_none() { None } else { Some(int(cx, args[2], "maxsize")?) };
    // As in Python's queue module: zero and below mean no bound.
    let wanted = maxsize.map(|size| usize::try_from(size).unwrap_or(0));
    let queue = runtime_of(cx)?.sync.queues.get_or_create(&name, |name| Queue::new(name, wanted.unwrap_or(0)));
    if let Some(wanted) = wanted.filter(|&wanted| wanted != queue.maxsize()) {
        let message = format!("queue '{name}' exists with maxsize {}, not {wanted}", queue.maxsize());
        return Err(Raise::value_error(message));
    }
    host_object(cx, args[0], queue)
}

fn closed() -> Raise {
    Raise::runtime_error("queue is closed")
}

fn queue_put(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let queue = queue(cx, args[0])?;
    let timeout = seconds(cx, args[2], "timeout")?;
    let item = Portable::from_argument(cx, args[1], &|| "queue item".into())?;
    let item = match queue.try_put(item) {
        Ok(Ok(())) => return none(),
        Ok(Err(_)) => return Err(closed()),
        Err(item) => item,
    };
    let what = queue.clone();
    let what = move || format!("queue '{}' (put)", what.name());
    let mut put = Put::new(queue, item);
    wait(cx, timeout, what, move |_, waker| {
        put.poll(waker).map(|result| match result {
            Ok(()) => none(),
            Err(_) => Err(closed()),
        })
    })
}

fn queue_get(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let timeout = seconds(cx, args[1], "timeout")?;
    take(cx, args[0], timeout, closed)
}

fn queue_next(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    take(cx, args[0], None, || Raise::new(scriptling_vm::error::ExcClass::StopIteration, ""))
}

fn take(cx: &mut Cx<'_>, receiver: Value, timeout: Option<std::time::Duration>, ended: fn() -> Raise) -> NativeResult {
    let queue = queue(cx, receiver)?;
    let done = move |cx: &mut Cx<'_>, result: Result<Portable, _>| match result {
        Ok(item) => Ok(Outcome::Return(item.to_value(cx)?)),
        Err(crate::sync::Closed) => Err(ended()),
    };
    if let Poll::Ready(result) = queue.try_get() {
        return done(cx, result);
    }
    let what = queue.clone();
    let what = move || format!("queue '{}' (get)", what.name());
    let mut get = Get::new(queue);
    wait(cx, timeout, what, move |cx, waker| get.poll(waker).map(|result| done(cx, result)))
}

fn iterator(_cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    Ok(Outcome::Return(args[0]))
}

fn queue_size(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    Ok(Outcome::Return(Value::int(queue(cx, args[0])?.size() as i64)))
}

fn queue_close(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    queue(cx, args[0])?.close();
    none()
}

fn queue_closed(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    Ok(Outcome::Return(Value::bool(queue(cx, args[0])?.is_closed())))
}

fn queue_repr(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let queue = queue(cx, args[0])?;
    let text = format!("<Queue '{}' size={} maxsize={}>", queue.name(), queue.size(), queue.maxsize());
    Ok(Outcome::Return(cx.str(text)))
}

fn define_wait_group(module: &mut ModuleBuilder<'_>) {
    module
        .class("WaitGroup", "A counter of work that is under way; wait() returns when it is zero.")
        .raw_static("__new__(cls, name)", "Get or create the wait group of that name.", group_new)
        .raw("add(self, delta=1, /)", "Count delta more (or, if negative, fewer).", group_add)
        .raw("done(self, /)", "Count one fewer.", group_done)
        .raw("wait(self, /, timeout=None)", "Wait until the counter is zero.", group_wait)
        .raw("__repr__(self, /)", "", group_repr)
        .finish();
}

fn group(cx: &Cx<'_>, value: Value) -> Result<Arc<WaitGroup>, Raise> {
    receiver(cx, value, "WaitGroup")
}

fn group_new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let name = text(cx, args[1], "WaitGroup() name")?;
    let group = runtime_of(cx)?.sync.wait_groups.get_or_create(&name, WaitGroup::new);
    host_object(cx, args[0], group)
}

fn change(group: &WaitGroup, delta: i64) -> NativeResult {
    match group.add(delta) {
        Ok(()) => none(),
        Err(Refused::Negative) => Err(Raise::value_error("negative WaitGroup counter")),
        Err(Refused::Overflow) => Err(Raise::overflow_error("WaitGroup counter is limited to 64 bits")),
    }
}

fn group_add(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let group = group(cx, args[0])?;
    change(&group, int(cx, args[1], "delta")?)
}

fn group_done(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    change(&*group(cx, args[0])?, -1)
}

fn group_wait(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let group = group(cx, args[0])?;
    let timeout = seconds(cx, args[1], "timeout")?;
    let what = group.clone();
    let what = move || format!("wait group '{}'", what.name());
    let mut zero = Zero::new(group);
    if zero.poll(Waker::noop()).is_ready() {
        return none();
    }
    wait(cx, timeout, what, move |_, waker| zero.poll(waker).map(|()| none()))
}

fn group_repr(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let group = group(cx, args[0])?;
    let text = format!("<WaitGroup '{}' count={}>", group.name(), group.count());
    Ok(Outcome::Return(cx.str(text)))
}

fn define_atomic(module: &mut ModuleBuilder<'_>) {
    module
        .class("Atomic", "A 64-bit counter. What would not fit raises OverflowError and changes nothing.")
        .raw_static("__new__(cls, name, initial=0)", "Get or create the counter of that name.", atomic_new)
        .raw("add(self, delta=1)", "Add and return the new value.", |cx, args| {
            let (atomic, delta) = (atomic(cx, args[0])?, int(cx, args[1], "delta")?);
            number(atomic.add(delta))
        })
        .raw("sub(self, delta=1)", "Subtract and return the new value.", |cx, args| {
            let (atomic, delta) = (atomic(cx, args[0])?, int(cx, args[1], "delta")?);
            number(atomic.sub(delta))
        })
        .raw("get(self, /)", "The value.", |cx, args| number(Ok(atomic(cx, args[0])?.get())))
        .raw("set(self, value, /)", "Replace the value.", |cx, args| {
            let (atomic, value) = (atomic(cx, args[0])?, int(cx, args[1], "value")?);
            atomic.set(value);
            none()
        })
        .raw("exchange(self, value, /)", "Replace the value and return the old one.", |cx, args| {
            let (atomic, value) = (atomic(cx, args[0])?, int(cx, args[1], "value")?);
            number(Ok(atomic.exchange(value)))
        })
        .raw(
            "compare_and_set(self, expected, value, /)",
            "Replace the value if it is expected; whether it was.",
            |cx, args| {
                let atomic = atomic(cx, args[0])?;
                let (expected, value) = (int(cx, args[1], "expected")?, int(cx, args[2], "value")?);
                Ok(Outcome::Return(Value::bool(atomic.compare_and_set(expected, value))))
            },
        )
        .raw("__repr__(self, /)", "", |cx, args| {
            let atomic = atomic(cx, args[0])?;
            let text = format!("<Atomic '{}' value={}>", atomic.name(), atomic.get());
            Ok(Outcome::Return(cx.str(text)))
        })
        .finish();
}

fn atomic(cx: &Cx<'_>, value: Value) -> Result<Arc<Atomic>, Raise> {
    receiver(cx, value, "Atomic")
}

fn atomic_new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let name = text(cx, args[1], "Atomic() name")?;
    let initial = int(cx, args[2], "initial")?;
    let atomic = runtime_of(cx)?.sync.atomics.get_or_create(&name, |name| Atomic::new(name, initial));
    host_object(cx, args[0], atomic)
}

fn number(result: Result<i64, crate::sync::Overflow>) -> NativeResult {
    match result {
        Ok(value) => Ok(Outcome::Return(Value::int(value))),
        Err(_) => Err(Raise::overflow_error("Atomic is limited to 64 bits")),
    }
}

fn define_shared(module: &mut ModuleBuilder<'_>) {
    module
        .class("Shared", "A value that tasks share: copied out by get, copied in by set, changed safely by update.")
        .raw_static("__new__(cls, name, initial=None)", "Get or create the value of that name.", shared_new)
        .raw("get(self, /)", "A copy of the value.", shared_get)
        .raw("set(self, value, /)", "Replace the value; wait for an update that is under way.", shared_set)
        .raw(
            "update(self, function, /, *args)",
            "Replace the value by function(value, *args) and return it. Other writers wait; if the function raises, the \
             value stays.",
            shared_update,
        )
        .raw("__repr__(self, /)", "", |cx, args| {
            let text = format!("<Shared '{}'>", shared(cx, args[0])?.name());
            Ok(Outcome::Return(cx.str(text)))
        })
        .finish();
}

fn shared(cx: &Cx<'_>, value: Value) -> Result<Arc<Shared>, Raise> {
    receiver(cx, value, "Shared")
}

fn shared_new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let name = text(cx, args[1], "Shared() name")?;
    let runtime = runtime_of(cx)?;
    let shared = match runtime.sync.shared.get(&name) {
        Some(shared) => shared,
        None => {
            let initial = Portable::from_argument(cx, args[2], &|| "initial value".into())?;
            runtime.sync.shared.get_or_create(&name, |name| Shared::new(name, initial))
        }
    };
    host_object(cx, args[0], shared)
}

fn shared_get(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let value = shared(cx, args[0])?.get();
    Ok(Outcome::Return(value.to_value(cx)?))
}

/// Waits for this task's turn to write and goes on with it.
fn with_permit<F>(cx: &mut Cx<'_>, shared: Arc<Shared>, go_on: F) -> NativeResult
where
    F: FnOnce(&mut Cx<'_>, Permit) -> NativeResult + Send + 'static,
{
    let task = own_task(cx)?.id();
    let what = shared.clone();
    let what = move || format!("shared value '{}'", what.name());
    let mut lock = Lock::new(shared, task);
    let granted = move |cx: &mut Cx<'_>, go_on: F, permit: Result<Permit, _>| match permit {
        Ok(permit) => go_on(cx, permit),
        Err(crate::sync::Reentered) => {
            Err(Raise::runtime_error("this task is updating the shared value already: update() does not nest"))
        }
    };
    if let Poll::Ready(permit) = lock.poll(Waker::noop()) {
        return granted(cx, go_on, permit);
    }
    let mut go_on = Some(go_on);
    wait(cx, None, what, move |cx, waker| {
        lock.poll(waker).map(|permit| {
            let go_on = go_on.take().expect("a wait is not polled again after it was ready");
            granted(cx, go_on, permit)
        })
    })
}

fn shared_set(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let shared = shared(cx, args[0])?;
    let value = Portable::from_argument(cx, args[1], &|| "shared value".into())?;
    with_permit(cx, shared, move |_, permit| {
        permit.set(value);
        none()
    })
}

fn shared_update(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let shared = shared(cx, args[0])?;
    let function = cx.keep(args[1]);
    let extra: Vec<Kept> = cx.sequence(args[2]).unwrap_or_default().into_iter().map(|value| cx.keep(value)).collect();
    with_permit(cx, shared, move |cx, permit| {
        let value = permit.value().to_value(cx)?;
        let args = std::iter::once(value).chain(extra.iter().map(|&kept| cx.kept(kept))).collect();
        let then = move |cx: &mut Cx<'_>, result: Result<Value, Raise>| {
            // When the function raised, or its result cannot be shared, `permit` is dropped and the value stays.
            let new = result?;
            permit.set(Portable::from_argument(cx, new, &|| "shared value".into())?);
            Ok(Outcome::Return(new))
        };
        let callee = cx.kept(function);
        Ok(Outcome::Call(Box::new(CallRequest { callee, args, keywords: Vec::new(), then: Some(Box::new(then)) })))
    })
}

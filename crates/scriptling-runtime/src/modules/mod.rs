//! The script's view of the runtime: `scriptling.runtime`, its `sync` and `kv`, and `time` and `sys`.
//!
//! These are ordinary native modules over the public native API. What they share is here: finding the runtime behind the
//! host, receivers of methods, and timeouts.

mod kv;
mod runtime;
mod sync;
mod sys;
mod time;

use std::any::Any;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;

use scriptling_vm::error::{EXCEPTIONS, ExcClass, Raise};
use scriptling_vm::heap::HostObject;
use scriptling_vm::heap::data::HostData;
use scriptling_vm::native::{Cx, FromValue, NativeModule, NativeResult, Outcome, Wait};
use scriptling_vm::portable::HostHandle;
use scriptling_vm::value::Value;

use crate::runtime::Inner;
use crate::schedule::{Duties, TaskContext};
use crate::seeded::UnderWay;
use crate::task::{Failure, Task};
use crate::timer::Sleep;

/// All modules of this crate, for a library.
pub fn all() -> Vec<Box<dyn NativeModule>> {
    vec![
        Box::new(runtime::Runtime),
        Box::new(runtime::Internal),
        Box::new(sync::Sync),
        Box::new(kv::Kv),
        Box::new(time::Time),
        Box::new(sys::Sys),
    ]
}

/// The task that the native runs in.
fn context<'a>(cx: &'a mut Cx<'_>) -> Result<&'a TaskContext, Raise> {
    let extension = cx.host().extension().and_then(|extension| extension.downcast_ref::<TaskContext>());
    extension.ok_or_else(|| Raise::runtime_error("this needs a program that runs under the Scriptling runtime"))
}

/// The task that the native runs in: a shared one, if that is what the fiber is.
fn own_task(cx: &mut Cx<'_>) -> Result<Arc<Task>, Raise> {
    with_own_task(cx, Arc::clone)
}

/// Lets `look` at it.
fn with_own_task<R>(cx: &mut Cx<'_>, look: impl FnOnce(&Arc<Task>) -> R) -> Result<R, Raise> {
    if let Some(observer) = cx.current_fiber()
        && let Ok(task) = observer.clone().into_any().downcast::<Task>()
    {
        return Ok(look(&task));
    }
    context(cx).map(|context| look(&context.live.task))
}

/// Lets `change` at what the task, or the fiber, has to do before it ends.
fn with_duties<R>(cx: &mut Cx<'_>, change: impl FnOnce(&mut Duties) -> R) -> Result<R, Raise> {
    if cx.current_fiber().is_some()
        && let Some(duties) = own_task(cx)?.fiber()
    {
        return Ok(change(&mut duties.lock()));
    }
    Ok(change(&mut context_mut(cx)?.duties))
}

/// What [`context`] gives, to be changed.
fn context_mut<'a>(cx: &'a mut Cx<'_>) -> Result<&'a mut TaskContext, Raise> {
    let extension = cx.host().extension().and_then(|extension| extension.downcast_mut::<TaskContext>());
    extension.ok_or_else(|| Raise::runtime_error("this needs a program that runs under the Scriptling runtime"))
}

/// The runtime that the native runs in.
fn runtime_of(cx: &mut Cx<'_>) -> Result<Arc<Inner>, Raise> {
    context(cx).map(|context| context.live.runtime.clone())
}

/// The host object that a method was called on.
fn receiver<T: HostHandle>(cx: &Cx<'_>, value: Value, class: &str) -> Result<Arc<T>, Raise> {
    if let Some(object) = value.as_gc::<HostObject>()
        && let HostData::Shared(handle) = &object.get(cx.heap()).data
    {
        let handle: Arc<dyn Any + Send + Sync> = handle.clone();
        if let Ok(found) = handle.downcast::<T>() {
            return Ok(found);
        }
    }
    let found = cx.type_name(value);
    Err(Raise::type_error(format!("descriptor requires a '{class}' object but received a '{found}'")))
}

/// A new object of the class that a constructor (`__new__`) was called for.
fn host_object(cx: &mut Cx<'_>, class: Value, handle: Arc<dyn HostHandle>) -> NativeResult {
    let Some(class) = class.as_gc() else { return Err(Raise::type_error("__new__() needs a class")) };
    Ok(Outcome::Return(cx.heap_mut().value(HostObject { class, data: HostData::Shared(handle) })))
}

/// A number of seconds, or `None`: the argument `what` of a native.
fn seconds(cx: &mut Cx<'_>, value: Value, what: &str) -> Result<Option<Duration>, Raise> {
    if value.is_none() || value.is_undefined() {
        return Ok(None);
    }
    let Some(seconds) = f64::from_value(cx, value)? else {
        let found = cx.type_name(value);
        return Err(Raise::type_error(format!("{what} must be a number of seconds or None, not {found}")));
    };
    if seconds.is_nan() || seconds < 0.0 {
        return Err(Raise::value_error(format!("{what} must not be negative")));
    }
    // Beyond what a duration can hold: practically for ever.
    Ok(Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)))
}

/// The text argument `what` of a native.
fn text(cx: &Cx<'_>, value: Value, what: &str) -> Result<smol_str::SmolStr, Raise> {
    match cx.as_str(value) {
        Some(text) => Ok(text.into()),
        None => Err(Raise::type_error(format!("{what} must be a string, not {}", cx.type_name(value)))),
    }
}

/// What promises raise for a failed task.
fn raise_failure(cx: &mut Cx<'_>, failure: &Failure) -> Raise {
    if let Some(exception) = failure.error.exception() {
        return match exception.to_value(cx) {
            Ok(exception) => Raise::instance(exception),
            Err(raise) => raise,
        };
    }
    let class = EXCEPTIONS.iter().map(|(class, _)| *class).find(|class| class.name() == failure.error.class());
    match class {
        Some(class) => Raise::new(class, failure.error.message()),
        None => Raise::runtime_error(failure.error.to_string()),
    }
}

/// What is raised when `what` was not there in time.
#[cold]
fn timed_out(what: &str) -> Raise {
    Raise::new(ExcClass::TimeoutError, format!("timed out: {what}"))
}

/// Something to wait for, with a limit.
struct Limited<P, W> {
    poll: P,
    /// Boxed: most have none, and there may be very many parked tasks.
    limit: Option<Box<Sleep>>,
    /// Says what it waits for, and what the `TimeoutError` says.
    what: W,
    only_tasks: bool,
}

/// Parks until `poll` is ready, or raises `TimeoutError` after `timeout`. What `poll` owns is dropped then, which cancels it.
///
/// Without a timeout only other tasks may make it ready (see `crate::deadlock`): what waits for anything else, a timer of
/// its own included, implements [`Wait`] itself.
fn wait<P, W>(cx: &mut Cx<'_>, timeout: Option<Duration>, what: W, poll: P) -> NativeResult
where
    P: FnMut(&mut Cx<'_>, &Waker) -> Poll<NativeResult> + Send + 'static,
    W: Fn() -> String + Send + 'static,
{
    let limit = match timeout {
        Some(timeout) => Some(Box::new(Sleep::new(runtime_of(cx)?.timer.clone(), timeout))),
        None => None,
    };
    let only_tasks = limit.is_none();
    Ok(Outcome::Wait(Box::new(Limited { poll, limit, what, only_tasks })))
}

/// Parks until `poll` is ready, which is no task's doing but that of another thread, which has begun with it.
fn wait_outside<P, W>(what: W, mut poll: P) -> NativeResult
where
    P: FnMut(&mut Cx<'_>, &Waker) -> Poll<NativeResult> + Send + 'static,
    W: Fn() -> String + Send + 'static,
{
    let mut under_way = None;
    let poll = move |cx: &mut Cx<'_>, waker: &Waker| {
        let polled = poll(cx, waker);
        if polled.is_pending() && under_way.is_none() {
            under_way = note_under_way(cx);
        }
        polled
    };
    Ok(Outcome::Wait(Box::new(Limited { poll, limit: None, what, only_tasks: false })))
}

/// Notes that another thread does something that this task waits for, where that matters: the deterministic mode.
pub(crate) fn note_under_way(cx: &mut Cx<'_>) -> Option<UnderWay> {
    runtime_of(cx).ok()?.seeded.as_ref().map(UnderWay::new)
}

impl<P, W> Wait for Limited<P, W>
where
    P: FnMut(&mut Cx<'_>, &Waker) -> Poll<NativeResult> + Send,
    W: Fn() -> String + Send,
{
    fn poll(&mut self, cx: &mut Cx<'_>, waker: &Waker) -> Poll<NativeResult> {
        if let Poll::Ready(result) = (self.poll)(cx, waker) {
            return Poll::Ready(result);
        }
        let Some(limit) = &mut self.limit else { return Poll::Pending };
        limit.poll(waker).map(|()| Err(timed_out(&(self.what)())))
    }

    fn describe(&self) -> String {
        (self.what)()
    }

    fn only_tasks(&self) -> bool {
        self.only_tasks
    }
}

/// The promise of a task as a value.
fn promise_value(cx: &mut Cx<'_>, task: Arc<Task>) -> NativeResult {
    let (module, name) = task.class();
    let class = cx.library_class(module, name).ok_or_else(|| Raise::runtime_error("there are no promises"))?;
    Ok(Outcome::Return(cx.heap_mut().value(HostObject { class, data: HostData::Shared(task) })))
}

//! Promises: what a script holds of a task.

use std::sync::Arc;
use std::task::Poll;

use scriptling_vm::error::Raise;
use scriptling_vm::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::portable::Portable;
use scriptling_vm::value::Value;

use super::super::{own_task, raise_failure, receiver, seconds, wait, with_own_task};
use super::shared::{raise_of, result_of, seen_here};
use crate::task::{Failure, Join, Task};

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    module
        .class("Promise", "The result of a task, once there is one.")
        .raw("get(self, /, timeout=None)", "Wait for the result; raise what the task raised.", get)
        .raw("wait(self, /, timeout=None)", "Wait for the end of the task; raise what it raised.", wait_for)
        .raw(
            "exception(self, /, timeout=None)",
            "Wait for the end of the task; return what it raised, or None. Raises CancelledError if it was cancelled.",
            exception,
        )
        .raw("done(self, /)", "Whether the task has ended.", |cx, args| {
            Ok(Outcome::Return(Value::bool(task_of(cx, args[0])?.is_done())))
        })
        .raw(
            "cancel(self, /)",
            "Raise CancelledError in the task at its next step; whether it had not ended. Again after the grace period: end \
             it for good.",
            |cx, args| Ok(Outcome::Return(Value::bool(task_of(cx, args[0])?.cancel()))),
        )
        .raw("cancelled(self, /)", "Whether the task has ended by CancelledError.", |cx, args| {
            Ok(Outcome::Return(Value::bool(task_of(cx, args[0])?.is_cancelled())))
        })
        .raw("__repr__(self, /)", "", repr)
        .raw_getter("name", "The task's name.", |cx, args| {
            let name = task_of(cx, args[0])?.name().clone();
            Ok(Outcome::Return(cx.str(name)))
        })
        .raw_getter("id", "The task's number.", |cx, args| {
            Ok(Outcome::Return(Value::int(task_of(cx, args[0])?.id() as i64)))
        })
        .finish();
}

fn task_of(cx: &Cx<'_>, value: Value) -> Result<Arc<Task>, Raise> {
    receiver(cx, value, "Promise")
}

/// Refuses to wait for the task that would wait.
pub(super) fn check_not_self(cx: &mut Cx<'_>, task: &Task) -> Result<(), Raise> {
    if task.id() == with_own_task(cx, |own| own.id())? && !task.is_done() {
        return Err(Raise::runtime_error("a task cannot wait for itself"));
    }
    Ok(())
}

/// Waits for a task's end and goes on with the result.
fn join<F>(cx: &mut Cx<'_>, args: &[Value], mut go_on: F) -> NativeResult
where
    F: FnMut(&mut Cx<'_>, &Arc<Task>, Result<Portable, Failure>) -> NativeResult + Send + 'static,
{
    let task = task_of(cx, args[0])?;
    let timeout = seconds(cx, args[1], "timeout")?;
    check_not_self(cx, &task)?;
    let own = own_task(cx)?;
    if !own.has_requests()
        && let Some(result) = task.result()
    {
        let result = seen_here(cx, &task, result);
        return go_on(cx, &task, result);
    }
    let what = task.clone();
    let what = move || format!("task '{}'", what.name());
    let mut join = Join::new(task);
    wait(cx, timeout, what, move |cx, waker| {
        if own.has_requests() {
            // Its group is ending because of that task, say: this is heard of first.
            waker.wake_by_ref();
            return Poll::Pending;
        }
        join.poll(waker).map(|result| {
            let result = seen_here(cx, join.task(), result);
            go_on(cx, join.task(), result)
        })
    })
}

fn get(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    join(cx, args, |cx, task, result| match result {
        Ok(value) => result_of(cx, task, &value).map(Outcome::Return),
        Err(failure) => Err(raise_of(cx, task, &failure)),
    })
}

fn wait_for(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    join(cx, args, |cx, task, result| match result {
        Ok(_) => Ok(Outcome::Return(Value::NONE)),
        Err(failure) => Err(raise_of(cx, task, &failure)),
    })
}

fn exception(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    join(cx, args, |cx, task, result| match result {
        Ok(_) => Ok(Outcome::Return(Value::NONE)),
        Err(failure) if failure.is_cancellation() => Err(raise_of(cx, task, &failure)),
        Err(failure) => Ok(Outcome::Return(exception_of(cx, task, &failure))),
    })
}

/// The exception of a failed task, copied.
pub(super) fn copied_exception(cx: &mut Cx<'_>, failure: &Failure) -> Value {
    let raise = raise_failure(cx, failure);
    cx.exception_instance(raise)
}

/// The exception of a failed task: the very one, where it is one of this isolate's fibers.
pub(super) fn exception_of(cx: &mut Cx<'_>, task: &Arc<Task>, failure: &Failure) -> Value {
    let raise = raise_of(cx, task, failure);
    cx.exception_instance(raise)
}

fn repr(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let task = task_of(cx, args[0])?;
    let state = match (task.is_done(), task.is_cancelled()) {
        (_, true) => "cancelled",
        (true, _) => "done",
        _ => "running",
    };
    let text = format!("<Promise '{}' {state}>", task.name());
    Ok(Outcome::Return(cx.str(text)))
}

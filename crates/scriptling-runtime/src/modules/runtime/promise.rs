//! Promises: what a script holds of a task.

use std::sync::Arc;
use std::task::Poll;

use scriptling_vm::error::Raise;
use scriptling_vm::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::portable::Portable;
use scriptling_vm::value::Value;

use super::super::{context, raise_failure, receiver, seconds, wait};
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
    if task.id() == context(cx)?.task.id() && !task.is_done() {
        return Err(Raise::runtime_error("a task cannot wait for itself"));
    }
    Ok(())
}

/// Waits for a task's end and goes on with the result.
fn join<F>(cx: &mut Cx<'_>, args: &[Value], mut go_on: F) -> NativeResult
where
    F: FnMut(&mut Cx<'_>, Result<Portable, Failure>) -> NativeResult + Send + 'static,
{
    let task = task_of(cx, args[0])?;
    let timeout = seconds(cx, args[1], "timeout")?;
    check_not_self(cx, &task)?;
    let own = context(cx)?.task.clone();
    let what = task.clone();
    let what = move || format!("task '{}'", what.name());
    let mut join = Join::new(task);
    wait(cx, timeout, what, move |cx, waker| {
        if own.has_requests() {
            // Its group is ending because of that task, say: this is heard of first.
            waker.wake_by_ref();
            return Poll::Pending;
        }
        join.poll(waker).map(|result| go_on(cx, result))
    })
}

fn get(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    join(cx, args, |cx, result| match result {
        Ok(value) => Ok(Outcome::Return(value.to_value(cx)?)),
        Err(failure) => Err(raise_failure(cx, &failure)),
    })
}

fn wait_for(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    join(cx, args, |cx, result| match result {
        Ok(_) => Ok(Outcome::Return(Value::NONE)),
        Err(failure) => Err(raise_failure(cx, &failure)),
    })
}

fn exception(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    join(cx, args, |cx, result| match result {
        Ok(_) => Ok(Outcome::Return(Value::NONE)),
        Err(failure) if failure.is_cancellation() => Err(raise_failure(cx, &failure)),
        Err(failure) => Ok(Outcome::Return(exception_of(cx, &failure))),
    })
}

/// The exception of a failed task, as a value.
pub(super) fn exception_of(cx: &mut Cx<'_>, failure: &Failure) -> Value {
    let raise = raise_failure(cx, failure);
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

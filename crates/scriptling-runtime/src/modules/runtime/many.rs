//! `gather` and `wait_any`: waiting for many promises.

use std::sync::Arc;
use std::task::Poll;

use scriptling_vm::error::{ExcClass, Raise};
use scriptling_vm::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::value::Value;

use super::super::{own_task, receiver, seconds, wait};
use super::promise::{check_not_self, exception_of};
use super::shared::{raise_of, result_of, seen_here};
use crate::many::{Many, names_of};
use crate::task::{Failure, Task};

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    module
        .raw(
            "gather(*promises, return_exceptions=False)",
            "Wait for all; a list of their results. The first failure is raised at once, and the other tasks go on; with \
             return_exceptions=True exceptions are results.",
            gather,
        )
        .raw(
            "wait_any(promises, timeout=None)",
            "Wait until one of the promises is done, and return it: the one that was done first.",
            wait_any,
        );
}

fn tasks_of(cx: &mut Cx<'_>, promises: &[Value], function: &str) -> Result<Arc<[Arc<Task>]>, Raise> {
    let mut tasks = Vec::with_capacity(promises.len());
    for &promise in promises {
        let Ok(task) = receiver::<Task>(cx, promise, "Promise") else {
            let found = cx.type_name(promise);
            return Err(Raise::type_error(format!("{function}() takes promises, not {found}")));
        };
        check_not_self(cx, &task)?;
        tasks.push(task);
    }
    Ok(tasks.into())
}

fn gather(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let Some(return_exceptions) = args[0].as_bool() else {
        return Err(Raise::type_error("return_exceptions must be a bool"));
    };
    let promises = cx.sequence(args[1]).unwrap_or_default();
    let tasks = tasks_of(cx, &promises, "gather")?;
    if tasks.is_empty() {
        return Ok(Outcome::Return(cx.list(&[])));
    }
    let own = own_task(cx)?;
    let mut many = Many::new(tasks.clone());
    let mut left = tasks.len();
    let named = tasks.clone();
    wait(
        cx,
        None,
        move || names_of(&named),
        move |cx, waker| {
            if own.has_requests() {
                // As with a promise's `get`.
                waker.wake_by_ref();
                return Poll::Pending;
            }
            while left > 0 {
                let Poll::Ready(at) = many.poll_next(waker) else { return Poll::Pending };
                left -= 1;
                if !return_exceptions && let Some(failure) = failure_of(cx, &tasks[at]) {
                    return Poll::Ready(Err(raise_of(cx, &tasks[at], &failure)));
                }
            }
            Poll::Ready(results(cx, &tasks))
        },
    )
}

/// What a task that has ended failed with. Its result stays unobserved if it did not.
fn failure_of(cx: &Cx<'_>, task: &Arc<Task>) -> Option<Failure> {
    task.result().and_then(|result| seen_here(cx, task, result).err())
}

/// The results of tasks that have all ended.
fn results(cx: &mut Cx<'_>, tasks: &[Arc<Task>]) -> NativeResult {
    // In a list from the beginning, so that nothing is collected that is not in it: nothing is collected in a native.
    let mut values = Vec::with_capacity(tasks.len());
    for task in tasks {
        let value = match task.result().map(|result| seen_here(cx, task, result)) {
            Some(Ok(value)) => result_of(cx, task, &value)?,
            Some(Err(failure)) => exception_of(cx, task, &failure),
            None => return Err(Raise::new(ExcClass::SystemError, "a task has not ended after all")),
        };
        values.push(value);
    }
    Ok(Outcome::Return(cx.list(&values)))
}

fn wait_any(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let timeout = seconds(cx, args[1], "timeout")?;
    cx.collect(args[0])?.and_then(cx, move |cx, list| {
        let promises = cx.sequence(list).unwrap_or_default();
        let tasks = tasks_of(cx, &promises, "wait_any")?;
        if tasks.is_empty() {
            return Err(Raise::value_error("wait_any() needs at least one promise"));
        }
        if let Some(at) = tasks.iter().position(|task| task.is_done()) {
            return Ok(Outcome::Return(promises[at]));
        }
        let kept = cx.keep(list);
        let mut many = Many::new(tasks.clone());
        wait(
            cx,
            timeout,
            move || format!("any of {}", names_of(&tasks)),
            move |cx, waker| {
                many.poll_next(waker).map(|at| {
                    let promises = cx.sequence(cx.kept(kept)).unwrap_or_default();
                    Ok(Outcome::Return(promises[at]))
                })
            },
        )
    })
}

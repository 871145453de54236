//! Shared tasks: a handler that runs as a fiber of its caller's isolate, on the same objects.
//!
//! The promise is an ordinary one. In the isolate itself it gives the live result, or raises the very exception; elsewhere
//! a copy. A shared task is cancelled when the task that it belongs to ends.

use std::any::Any;
use std::sync::Arc;
use std::task::Waker;

use scriptling_vm::error::{Error, ExcClass, Raise};
use scriptling_vm::heap::Dict;
use scriptling_vm::heap::dict::Table;
use scriptling_vm::native::{Cx, NativeResult};
use scriptling_vm::portable::Portable;
use scriptling_vm::run::strands::FiberObserver;
use scriptling_vm::value::Value;
use smol_str::SmolStr;

use super::super::{context, promise_value, raise_failure, runtime_of};
use super::limits;
use crate::task::{Failure, Task};

/// The keyword that says so.
const KEYWORD: &str = "shared";

/// Whether the keywords of a call of `background` ask for a shared task, and the keywords without that.
pub(super) fn take_keyword(cx: &mut Cx<'_>, kwargs: Value) -> Result<(bool, Value), Raise> {
    let entries = entries(cx, kwargs);
    let Some(&(_, wanted)) = entries.iter().find(|(key, _)| cx.as_str(*key) == Some(KEYWORD)) else {
        return Ok((false, kwargs));
    };
    let Some(shared) = wanted.as_bool() else {
        let found = cx.type_name(wanted);
        return Err(Raise::type_error(format!("background() {KEYWORD} must be a bool, not {found}")));
    };
    let others = cx.dict();
    for (key, value) in entries {
        let name = SmolStr::new(cx.as_str(key).unwrap_or_default());
        if name != KEYWORD {
            cx.dict_set_str(others, &name, value);
        }
    }
    Ok((shared, Value::obj(others)))
}

fn entries(cx: &Cx<'_>, kwargs: Value) -> Vec<(Value, Value)> {
    let table = kwargs.as_gc::<Dict>().map(|dict| &dict.get(cx.heap()).table);
    table.into_iter().flat_map(Table::iter).map(|entry| (entry.key, entry.value)).collect()
}

/// Starts a call as a fiber of this isolate; its promise.
pub(super) fn launch(cx: &mut Cx<'_>, name: SmolStr, handler: Value, args: Value, kwargs: Value) -> NativeResult {
    let kwargs = entries(cx, kwargs);
    for &(key, value) in &kwargs {
        if cx.as_str(key) == Some("limits") && limits::limits_of(cx, value).is_some() {
            let message = "a shared task has no limits of its own: it runs within those of the task that it belongs to";
            return Err(Raise::value_error(message));
        }
    }
    let args = cx.sequence(args).unwrap_or_default();
    let owner = context(cx)?.live.task.clone();
    let task = runtime_of(cx)?.new_shared_task(name, &owner);
    if let Err(raise) = cx.spawn_fiber(handler, &args, kwargs, task.clone()) {
        task.end(Err(Failure::new(ExcClass::RuntimeError, "it could not be started")), true);
        return Err(raise);
    }
    promise_value(cx, task)
}

/// How a task has ended for this isolate: a shared one whose result cannot be copied has failed for all others only.
pub(super) fn seen_here(cx: &Cx<'_>, task: &Arc<Task>, result: Result<Portable, Failure>) -> Result<Portable, Failure> {
    match cx.fiber_result(&**task) {
        Some(Ok(_)) => Ok(Portable::NONE),
        _ => result,
    }
}

/// The result of a task that has ended: the live object where it is one of this isolate's fibers.
pub(super) fn result_of(cx: &mut Cx<'_>, task: &Arc<Task>, result: &Portable) -> Result<Value, Raise> {
    cx.fiber_result(&**task).unwrap_or_else(|| result.to_value(cx))
}

/// What promises raise for a task that has failed: the very exception where it is one of this isolate's fibers.
pub(super) fn raise_of(cx: &mut Cx<'_>, task: &Arc<Task>, failure: &Failure) -> Raise {
    match cx.fiber_result(&**task) {
        Some(Err(raise)) => raise,
        _ => raise_failure(cx, failure),
    }
}

impl FiberObserver for Task {
    fn started(&self, waker: Waker) {
        self.set_waker(waker);
    }

    fn turn_begins(&self) {
        Task::turn_begins(self);
    }

    fn turn_ends(&self, parked: bool, fuel: u64) {
        Task::turn_ends(self, parked, fuel);
    }

    fn outlives(&self) {
        Task::outlives(self);
    }

    fn take_interrupt(&self) -> Option<(ExcClass, &'static str)> {
        self.take_cancellation().map(|text| (ExcClass::CancelledError, text))
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }

    fn ended(self: Arc<Self>, result: Result<Result<Portable, String>, Error>) {
        match result {
            Ok(Ok(value)) => self.end(Ok(value), false),
            // Only another task sees that, should it ask: here the result is what it is.
            Ok(Err(why)) => {
                let message = format!("the result of the shared task '{}' stays in its own task: {why}", self.name());
                self.end(Err(Failure::new(ExcClass::TypeError, &message)), true);
            }
            Err(error) => {
                let failure = self.failure(error);
                self.end(Err(failure), false);
            }
        }
    }
}

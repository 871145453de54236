//! `tasks` and `current_task`: what there is.

use std::sync::Arc;

use scriptling_vm::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::run::strands::FiberState;
use scriptling_vm::value::Value;

use super::super::{context, own_task, promise_value, runtime_of};
use crate::runtime::Inner;
use crate::task::{Activity, Task};

pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    module
        .raw(
            "tasks()",
            "The tasks that have not ended, oldest first: a list of dicts with id, name, state ('queued', 'running' or \
             'parked'), waiting_for (a text, or None), age (in seconds), slices, fuel (loop turns and calls) and memory \
             (in bytes), both as of its last slice.",
            tasks,
        )
        .raw("current_task()", "The promise of the task that calls it; the main program has one, too.", |cx, _| {
            let task = own_task(cx)?;
            promise_value(cx, task)
        });
}

fn tasks(cx: &mut Cx<'_>, _args: &[Value]) -> NativeResult {
    let runtime = runtime_of(cx)?;
    let mut entries = Vec::new();
    for task in runtime.live() {
        let (state, waiting) = match activity(cx, &task) {
            Activity::Done => continue,
            Activity::Queued => ("queued", None),
            Activity::Running => ("running", None),
            Activity::Parked(waiting) => ("parked", Some(waiting)),
        };
        entries.push(entry(cx, &runtime, &task, state, waiting));
    }
    Ok(Outcome::Return(cx.list(&entries)))
}

/// What a task is doing: the caller's isolate runs, so its own fibers are looked at from inside.
fn activity(cx: &mut Cx<'_>, task: &Arc<Task>) -> Activity {
    let is_own = context(cx).is_ok_and(|context| Arc::ptr_eq(&context.live.task, task));
    let state = match (task.is_shared(), is_own) {
        (true, _) => cx.fiber_state(Some(&**task)),
        (false, true) => cx.fiber_state(None).or_else(|| Some(FiberState::Parked("its shared tasks".into()))),
        (false, false) => None,
    };
    match state {
        Some(FiberState::Running) => Activity::Running,
        Some(FiberState::Queued) => Activity::Queued,
        Some(FiberState::Parked(waiting)) => Activity::Parked(waiting),
        None => task.activity(),
    }
}

fn entry(cx: &mut Cx<'_>, runtime: &Arc<Inner>, task: &Task, state: &str, waiting: Option<String>) -> Value {
    let dict = cx.dict();
    let age = runtime.timer.now().saturating_sub(task.born()).as_secs_f64();
    let (name, state) = (cx.str(task.name().clone()), cx.str(state));
    let waiting = match waiting {
        Some(waiting) => cx.str(waiting),
        None => Value::NONE,
    };
    let fuel = cx.int(task.fuel_used());
    for (key, value) in [
        ("id", Value::int(task.id() as i64)),
        ("name", name),
        ("state", state),
        ("waiting_for", waiting),
        ("age", Value::float(age)),
        ("slices", Value::int(task.slices().into())),
        ("fuel", fuel),
        ("memory", Value::int(task.memory_used() as i64)),
    ] {
        cx.dict_set_str(dict, key, value);
    }
    Value::obj(dict)
}

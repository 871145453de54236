//! `scriptling.runtime`: background tasks and their promises.
//!
//! ```python
//! import scriptling.runtime as runtime
//! promise = runtime.background("worker", "work", 1, 2)    # a function of this module, by name
//! other = runtime.run(work, 3, 4)                          # or the function itself
//! print(promise.get(), other.get(timeout=5))
//! ```
//! A task runs in an isolate of its own, in parallel. Arguments and results are copied; see `portable` for what crosses.
//! `docs/tasks.md` is the manual.

mod group;
mod limits;
mod list;
mod many;
mod map;
mod promise;
mod repeat;
mod shared;

use std::sync::Arc;
use std::task::Poll;

use scriptling_vm::error::{ExcClass, Raise};
use scriptling_vm::heap::{BoundMethod, Class, Dict, Function, NativeFunction};
use scriptling_vm::native::{Cx, ModuleBuilder, NativeModule, NativeResult, Outcome};
use scriptling_vm::operate;
use scriptling_vm::portable::Portable;
use scriptling_vm::value::Value;
use smol_str::SmolStr;

use super::{own_task, promise_value, runtime_of, text};
use crate::group::Group;
use crate::limits::TaskLimits;
use crate::runtime::start_threads;
use crate::schedule::{self, Call, Start};

/// Its name.
const MODULE: &str = "scriptling.runtime";

/// The module of what only natives and the functions of `tasks.py` use: no name that a script could import.
const INTERNAL: &str = "(tasks)";

/// The module.
pub(super) struct Runtime;

/// What scripts do not see of it.
pub(super) struct Internal;

impl NativeModule for Internal {
    fn name(&self) -> &'static str {
        INTERNAL
    }

    fn define(&self, module: &mut ModuleBuilder<'_>) {
        group::define_internal(module);
        map::define_internal(module);
    }
}

impl NativeModule for Runtime {
    fn name(&self) -> &'static str {
        MODULE
    }

    fn doc(&self) -> &'static str {
        "Background tasks that run in parallel, and the promises of their results."
    }

    fn prelude(&self) -> &'static str {
        include_str!("tasks.py")
    }

    fn define(&self, module: &mut ModuleBuilder<'_>) {
        module
            .raw(
                "background(name, handler, /, *args, **kwargs)",
                "Start handler(*args, **kwargs) as a task called name; returns its promise. The handler is a function, or \
                 the name of one: 'function' of this module, or 'library.function'. limits=Limits(...) is for the task. With \
                 shared=True it is a fiber of this task, on the same objects: they take turns.",
                background,
            )
            .raw(
                "run(handler, /, *args, **kwargs)",
                "Start handler(*args, **kwargs) as a task; returns its promise. limits=Limits(...) is for the task.",
                run,
            )
            .raw("spawn(handler, /, *args, **kwargs)", "The same as run.", run)
            .raw("sleep(seconds, /)", "Park this task for a number of seconds.", super::time::sleep);
        promise::define(module);
        many::define(module);
        group::define(module);
        limits::define(module);
        list::define(module);
        map::define(module);
        repeat::define(module);
    }
}

fn background(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let name = text(cx, args[0], "background() name")?;
    let (shared, kwargs) = shared::take_keyword(cx, args[3])?;
    if !shared {
        return start(cx, Some(name), args[1], args[2], kwargs, None);
    }
    let (positional, kwargs) = (cx.keep(args[2]), cx.keep(kwargs));
    with_handler(cx, args[1], move |cx, handler, _| {
        let (positional, kwargs) = (cx.kept(positional), cx.kept(kwargs));
        shared::launch(cx, name, handler, positional, kwargs)
    })
}

fn run(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    start(cx, None, args[0], args[1], args[2], None)
}

/// Starts a task, as one of a group if there is one.
fn start(
    cx: &mut Cx<'_>,
    name: Option<SmolStr>,
    handler: Value,
    args: Value,
    kwargs: Value,
    group: Option<Arc<Group>>,
) -> NativeResult {
    let (args, kwargs) = (cx.keep(args), cx.keep(kwargs));
    with_handler(cx, handler, move |cx, handler, path| {
        let (args, kwargs) = (cx.kept(args), cx.kept(kwargs));
        let name = name.or(path).unwrap_or_else(|| handler_name(cx, handler));
        launch(cx, name, handler, args, kwargs, group)
    })
}

/// Finds the function that a handler stands for, and the path if it is one; a library may have to be imported first, which
/// runs script code.
fn with_handler<F>(cx: &mut Cx<'_>, handler: Value, go_on: F) -> NativeResult
where
    F: FnOnce(&mut Cx<'_>, Value, Option<SmolStr>) -> NativeResult + Send + 'static,
{
    let Some(path) = cx.as_str(handler).map(SmolStr::new) else {
        check_callable(cx, handler, "handler")?;
        return go_on(cx, handler, None);
    };
    let Some((library, function)) = path.rsplit_once('.') else {
        let found = cx.caller_global(&path)?;
        let Some(found) = found else {
            return Err(Raise::new(ExcClass::NameError, format!("function not found: {path}")));
        };
        check_callable(cx, found, &path)?;
        return go_on(cx, found, Some(path));
    };
    let (library, function) = (SmolStr::new(library), SmolStr::new(function));
    scriptling_vm::run::import::import_module(cx, &library)?.and_then(cx, move |cx, module| {
        let Some(found) = cx.module_member(module, &function)? else {
            return Err(Raise::new(ExcClass::NameError, format!("function not found: {path}")));
        };
        check_callable(cx, found, &path)?;
        go_on(cx, found, Some(path))
    })
}

fn check_callable(cx: &Cx<'_>, value: Value, name: &str) -> Result<(), Raise> {
    let callable = value.is::<Function>()
        || value.is::<NativeFunction>()
        || value.is::<BoundMethod>()
        || value.is::<Class>()
        || operate::attr::special(cx, value, "__call__").is_some();
    if callable {
        return Ok(());
    }
    Err(Raise::type_error(format!("handler is not a function: {name} ({})", cx.type_name(value))))
}

/// Copies function and arguments out and queues the task.
fn launch(
    cx: &mut Cx<'_>,
    name: SmolStr,
    handler: Value,
    args: Value,
    kwargs: Value,
    group: Option<Arc<Group>>,
) -> NativeResult {
    let mut call = Call { function: Portable::NONE, args: Vec::new(), kwargs: Vec::new() };
    call.args = copy_arguments(cx, args)?;
    let mut limits = TaskLimits::default();
    if let Some(kwargs) = kwargs.as_gc::<Dict>() {
        let entries: Vec<(Value, Value)> =
            kwargs.get(cx.heap()).table.iter().map(|entry| (entry.key, entry.value)).collect();
        for (key, value) in entries {
            let key = text(cx, key, "keywords")?;
            if key == "limits"
                && let Some(asked) = limits::limits_of(cx, value)
            {
                limits = asked;
                continue;
            }
            let value = Portable::from_argument(cx, value, &|| format!("background kwarg '{key}'"))?;
            call.kwargs.push((key, value));
        }
    }
    call.function = Portable::from_argument(cx, handler, &|| "background handler".into())?;
    if let Some(group) = &group {
        group::check_admits(cx, group)?;
    }
    use_threads(cx)?;
    let (runtime, own) = (runtime_of(cx)?, own_task(cx)?);
    let bounds = runtime.bounds(limits, &own);
    let task = schedule::spawn(&runtime, name, Start::Call(Box::new(call)), bounds);
    group.into_iter().for_each(|group| group.add(&task));
    hand_over(cx, move |cx| promise_value(cx, task.clone()))
}

/// Copies out the arguments that a task gets.
fn copy_arguments(cx: &mut Cx<'_>, args: Value) -> Result<Vec<Portable>, Raise> {
    let args = cx.sequence(args).unwrap_or_default();
    let mut copies = Vec::with_capacity(args.len());
    for (index, &value) in args.iter().enumerate() {
        copies.push(Portable::from_argument(cx, value, &|| format!("background arg {index}"))?);
    }
    Ok(copies)
}

/// Starts the threads if they are not there: called before there is work for them.
fn use_threads(cx: &mut Cx<'_>) -> Result<(), Raise> {
    let runtime = runtime_of(cx)?;
    start_threads(&runtime.pool).map_err(|message| Raise::new(ExcClass::RuntimeError, message))
}

/// Returns `result`. The first task that a program starts makes it move to the pool's threads, which wait for it to leave its
/// own: it parks for that.
fn hand_over<F>(cx: &mut Cx<'_>, mut result: F) -> NativeResult
where
    F: FnMut(&mut Cx<'_>) -> NativeResult + Send + 'static,
{
    if !runtime_of(cx)?.pool.is_handing_over() {
        return result(cx);
    }
    let mut left = false;
    Ok(Outcome::wait(move |cx, waker| {
        if std::mem::replace(&mut left, true) {
            return Poll::Ready(result(cx));
        }
        waker.wake_by_ref();
        Poll::Pending
    }))
}

/// What a task is called that got no name.
fn handler_name(cx: &Cx<'_>, handler: Value) -> SmolStr {
    if let Some(method) = handler.as_gc::<BoundMethod>() {
        let function = method.get(cx.heap()).function;
        return if function.is::<BoundMethod>() { "method".into() } else { handler_name(cx, function) };
    }
    if let Some(function) = handler.as_gc::<Function>() {
        return function.get(cx.heap()).code.get().name.text.clone();
    }
    if let Some(function) = handler.as_gc::<NativeFunction>() {
        return function.get(cx.heap()).signature().name.clone();
    }
    match handler.as_gc::<Class>() {
        Some(class) => class.get(cx.heap()).name.clone(),
        None => cx.type_name(handler),
    }
}

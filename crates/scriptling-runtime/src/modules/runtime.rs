//! `scriptling.runtime`: background tasks and their promises.
//!
//! ```python
//! import scriptling.runtime as runtime
//! promise = runtime.background("worker", "work", 1, 2)    # a function of this module, by name
//! other = runtime.run(work, 3, 4)                          # or the function itself
//! print(promise.get(), other.get(timeout=5))
//! ```
//! A task runs in an isolate of its own, in parallel. Arguments and results are copied; see `portable` for what crosses.

use std::sync::Arc;
use std::task::Poll;

use scriptling_vm::error::{ExcClass, Raise};
use scriptling_vm::heap::{BoundMethod, Class, Dict, Function, NativeFunction};
use scriptling_vm::native::{Cx, ModuleBuilder, NativeModule, NativeResult, Outcome};
use scriptling_vm::operate;
use scriptling_vm::portable::Portable;
use scriptling_vm::value::Value;
use smol_str::SmolStr;

use super::{context, promise, raise_failure, receiver, runtime_of, seconds, text, wait};
use crate::runtime::start_threads;
use crate::schedule::{self, Call, Start};
use crate::task::{Join, Task};

/// The module.
pub(super) struct Runtime;

impl NativeModule for Runtime {
    fn name(&self) -> &'static str {
        "scriptling.runtime"
    }

    fn doc(&self) -> &'static str {
        "Background tasks that run in parallel, and the promises of their results."
    }

    fn define(&self, module: &mut ModuleBuilder<'_>) {
        module
            .class("Promise", "The result of a task, once there is one.")
            .raw("get(self, /, timeout=None)", "Wait for the result; raise what the task raised.", get)
            .raw("wait(self, /, timeout=None)", "Wait for the end of the task; raise what it raised.", wait_for)
            .raw("done(self, /)", "Whether the task has ended.", done)
            .raw("cancel(self, /)", "Raise CancelledError in the task at its next step.", cancel)
            .raw("__repr__(self, /)", "", repr)
            .raw_getter("name", "The task's name.", name)
            .finish();
        module
            .raw(
                "background(name, handler, /, *args, **kwargs)",
                "Start handler(*args, **kwargs) as a task called name; returns its promise. The handler is a function, or \
                 the name of one: 'function' of this module, or 'library.function'.",
                background,
            )
            .raw("run(handler, /, *args, **kwargs)", "Start handler(*args, **kwargs) as a task; returns its promise.", run)
            .raw("spawn(handler, /, *args, **kwargs)", "The same as run.", run);
    }
}

fn background(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let name = text(cx, args[0], "background() name")?;
    start(cx, Some(name), args[1], args[2], args[3])
}

fn run(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    start(cx, None, args[0], args[1], args[2])
}

/// Finds the handler; a library may have to be imported first, which runs script code.
fn start(cx: &mut Cx<'_>, name: Option<SmolStr>, handler: Value, args: Value, kwargs: Value) -> NativeResult {
    let Some(path) = cx.as_str(handler).map(SmolStr::new) else {
        return launch(cx, name, handler, args, kwargs);
    };
    let Some((library, function)) = path.rsplit_once('.') else {
        let found = cx.caller_global(&path)?;
        let Some(found) = found else {
            return Err(Raise::new(ExcClass::NameError, format!("function not found: {path}")));
        };
        check_callable(cx, found, &path)?;
        return launch(cx, Some(name.unwrap_or(path)), found, args, kwargs);
    };
    let (args, kwargs) = (cx.keep(args), cx.keep(kwargs));
    let (library, function) = (SmolStr::new(library), SmolStr::new(function));
    scriptling_vm::run::import::import_module(cx, &library)?.and_then(cx, move |cx, module| {
        let Some(found) = cx.module_member(module, &function)? else {
            return Err(Raise::new(ExcClass::NameError, format!("function not found: {path}")));
        };
        check_callable(cx, found, &path)?;
        let (args, kwargs) = (cx.kept(args), cx.kept(kwargs));
        launch(cx, Some(name.unwrap_or(path)), found, args, kwargs)
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
fn launch(cx: &mut Cx<'_>, name: Option<SmolStr>, handler: Value, args: Value, kwargs: Value) -> NativeResult {
    check_callable(cx, handler, "handler")?;
    let mut call = Call { function: Portable::NONE, args: Vec::new(), kwargs: Vec::new() };
    let args = cx.sequence(args).unwrap_or_default();
    call.args.reserve_exact(args.len());
    for (index, &value) in args.iter().enumerate() {
        call.args.push(Portable::from_argument(cx, value, &|| format!("background arg {index}"))?);
    }
    if let Some(kwargs) = kwargs.as_gc::<Dict>() {
        let entries: Vec<(Value, Value)> =
            kwargs.get(cx.heap()).table.iter().map(|entry| (entry.key, entry.value)).collect();
        for (key, value) in entries {
            let key = text(cx, key, "keywords")?;
            let value = Portable::from_argument(cx, value, &|| format!("background kwarg '{key}'"))?;
            call.kwargs.push((key, value));
        }
    }
    call.function = Portable::from_argument(cx, handler, &|| "background handler".into())?;
    let name = name.unwrap_or_else(|| handler_name(cx, handler));
    let runtime = runtime_of(cx)?;
    start_threads(&runtime.pool).map_err(|message| Raise::new(ExcClass::RuntimeError, message))?;
    let task = schedule::spawn(&runtime, name, Start::Call(Box::new(call)), None);
    if !runtime.pool.is_handing_over() {
        return promise(cx, task);
    }
    // The first task: this program moves to the pool's threads, which wait for it to leave its own.
    let mut left = false;
    Ok(Outcome::wait(move |cx, waker| {
        if std::mem::replace(&mut left, true) {
            return Poll::Ready(promise(cx, task.clone()));
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

fn task_of(cx: &Cx<'_>, value: Value) -> Result<Arc<Task>, Raise> {
    receiver(cx, value, "Promise")
}

fn join(cx: &mut Cx<'_>, args: &[Value], keep_result: bool) -> NativeResult {
    let task = task_of(cx, args[0])?;
    let timeout = seconds(cx, args[1], "timeout")?;
    let own = context(cx)?.task.id();
    if task.id() == own && !task.is_done() {
        return Err(Raise::runtime_error("a task cannot wait for itself"));
    }
    let what = task.clone();
    let what = move || format!("task '{}'", what.name());
    let mut join = Join::new(task);
    wait(cx, timeout, what, move |cx, waker| {
        join.poll(waker).map(|result| match result {
            Ok(value) if keep_result => Ok(Outcome::Return(value.to_value(cx)?)),
            Ok(_) => Ok(Outcome::Return(Value::NONE)),
            Err(failure) => Err(raise_failure(cx, &failure)),
        })
    })
}

fn get(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    join(cx, args, true)
}

fn wait_for(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    join(cx, args, false)
}

fn done(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    Ok(Outcome::Return(Value::bool(task_of(cx, args[0])?.is_done())))
}

fn cancel(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    task_of(cx, args[0])?.cancel();
    Ok(Outcome::Return(Value::NONE))
}

fn name(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let name = task_of(cx, args[0])?.name().clone();
    Ok(Outcome::Return(cx.str(name)))
}

fn repr(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let task = task_of(cx, args[0])?;
    let state = if task.is_done() { "done" } else { "running" };
    let text = format!("<Promise '{}' {state}>", task.name());
    Ok(Outcome::Return(cx.str(text)))
}

//! Making tasks: from what is to be run to a runnable in the pool's queue.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use scriptling_vm::code::Unit;
use scriptling_vm::error::Error;
use scriptling_vm::isolate::{Host, Isolate, ModuleSource, Stream};
use scriptling_vm::portable::Portable;
use smol_str::SmolStr;

use crate::pool::Runnable;
use crate::runtime::Inner;
use crate::sync::Holdings;
use crate::task::{Task, TaskFuture};
use crate::timer::Sleep;

/// What a task runs.
pub(crate) enum Start {
    /// A program.
    Main(Arc<Unit>),
    /// A call.
    Call(Box<Call>),
}

/// A function with its arguments, on the way into a task.
pub(crate) struct Call {
    pub(crate) function: Portable,
    pub(crate) args: Vec<Portable>,
    pub(crate) kwargs: Vec<(SmolStr, Portable)>,
}

/// What natives find behind `Host::extension`: the runtime and the task they run in.
pub struct TaskContext {
    pub(crate) runtime: Arc<Inner>,
    pub(crate) task: Arc<Task>,
    /// What the task has to give back before it ends.
    pub(crate) held: Holdings,
}

impl Drop for TaskContext {
    /// The isolate is gone, however it ended: what the task has not given back is given back now.
    fn drop(&mut self) {
        let abandoned = self.held.abandon();
        if self.runtime.is_closing() {
            // The end of the program has ended the task: it could not help it.
            return;
        }
        for object in abandoned {
            let (name, what) = (self.task.name(), object.label());
            let text = format!("scriptling: task '{name}' ended while it held {what}, which was released\n");
            self.runtime.output.write_error(&text);
        }
    }
}

/// The host of a task's isolate.
struct TaskHost {
    context: TaskContext,
}

impl Host for TaskHost {
    fn write(&mut self, stream: Stream, text: &str) {
        let output = &self.context.runtime.output;
        match stream {
            Stream::Out => output.write(text),
            Stream::Err => output.write_error(text),
        }
    }

    fn flush(&mut self, _stream: Stream) {
        self.context.runtime.output.flush();
    }

    fn find_module(&mut self, name: &str) -> Result<Option<ModuleSource>, String> {
        self.context.runtime.loader.find(name)
    }

    fn cached_unit(&mut self, name: &str) -> Option<Arc<Unit>> {
        self.context.runtime.units.get(name)
    }

    fn cache_unit(&mut self, name: &str, unit: &Arc<Unit>) {
        self.context.runtime.units.add(name, unit);
    }

    fn extension(&mut self) -> Option<&mut (dyn Any + Send)> {
        Some(&mut self.context)
    }
}

/// Queues a new task.
pub(crate) fn spawn(runtime: &Arc<Inner>, name: SmolStr, start: Start, time_limit: Option<Duration>) -> Arc<Task> {
    let task = runtime.new_task(name);
    let deadline = time_limit.map(|limit| Box::new(Sleep::new(runtime.timer.clone(), limit)));
    let future =
        TaskFuture { task: task.clone(), runtime: runtime.clone(), start: Some(start), isolate: None, deadline };
    let pool = runtime.pool.clone();
    let schedule = move |runnable: Runnable| {
        let arrival = runnable.metadata().arrival();
        pool.schedule(runnable, arrival);
    };
    let (runnable, handle) = async_task::Builder::new().metadata(task.clone()).spawn(|_| future, schedule);
    // The task runs on by itself; its result is in `Task`.
    handle.detach();
    task.set_waker(runnable.waker());
    runnable.schedule();
    task
}

/// Makes the isolate of a task and starts it.
pub(crate) fn start(runtime: &Arc<Inner>, task: &Arc<Task>, start: Start) -> Result<Isolate, Error> {
    let context = TaskContext { runtime: runtime.clone(), task: task.clone(), held: Holdings::new(task.id()) };
    let host = TaskHost { context };
    let mut isolate = Isolate::new(runtime.library.clone(), Box::new(host), runtime.limits);
    match start {
        Start::Main(unit) => isolate.start_main(unit)?,
        Start::Call(call) => isolate.start_call(&call.function, &call.args, &call.kwargs)?,
    }
    Ok(isolate)
}

//! Making tasks: from what is to be run to a runnable in the pool's queue.

use std::any::Any;
use std::sync::Arc;

use scriptling_vm::code::Unit;
use scriptling_vm::error::Error;
use scriptling_vm::isolate::{Host, Isolate, ModuleSource, Stream};
use scriptling_vm::portable::Portable;
use smol_str::SmolStr;

use crate::limits::{Bounds, TaskLimits};
use crate::pool::Runnable;
use crate::runtime::Inner;
use crate::sync::{Holdings, Lock};
use crate::task::{Live, Task, TaskFuture};

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
    pub(crate) live: Arc<Live>,
    pub(crate) duties: Duties,
}

/// What a task, or a fiber of one, must not leave as it is.
pub(crate) struct Duties {
    /// What it is in the middle of updating in key-value stores: the store's address and the key.
    pub(crate) updating: Vec<(usize, SmolStr)>,
    /// What it has to give back before it ends.
    pub(crate) held: Holdings,
    /// Locks whose waiters others may overtake until its slice is over.
    owed: Vec<Arc<Lock>>,
}

impl Duties {
    /// Those of a new task: none.
    pub(crate) fn new(owner: u64) -> Duties {
        Duties { updating: Vec::new(), held: Holdings::new(owner), owed: Vec::new() }
    }

    /// Notes a lock to settle when the slice is over.
    pub(crate) fn owe(&mut self, lock: &Arc<Lock>) {
        if !self.owed.iter().any(|known| Arc::ptr_eq(known, lock)) {
            self.owed.push(lock.clone());
        }
    }

    /// The slice is over.
    pub(crate) fn settle(&mut self) {
        self.held.slice_over();
        self.owed.drain(..).for_each(|lock| lock.settle());
    }

    /// The task is over, however it ended: what it has not given back is given back now.
    pub(crate) fn abandon(&mut self, runtime: &Inner, task: &Task) {
        self.settle();
        let abandoned = self.held.abandon();
        if abandoned.is_empty() || runtime.is_closing() {
            // The end of the program has ended the task: it could not help it.
            return;
        }
        for object in abandoned {
            let (name, what) = (task.name(), object.label());
            let text = format!("scriptling: task '{name}' ended while it held {what}, which was released\n");
            runtime.output.write_error(&text);
        }
    }
}

/// A slice of the task whose isolate this is is over.
pub(crate) fn settle(isolate: &mut Isolate) {
    let context = isolate.host_mut().extension().and_then(|extension| extension.downcast_mut::<TaskContext>());
    if let Some(context) = context {
        context.duties.settle();
    }
}

impl Drop for TaskContext {
    fn drop(&mut self) {
        self.duties.abandon(&self.live.runtime, &self.live.task);
    }
}

/// The host of a task's isolate.
struct TaskHost {
    context: TaskContext,
}

impl Host for TaskHost {
    fn write(&mut self, stream: Stream, text: &str) {
        let output = &self.context.live.runtime.output;
        match stream {
            Stream::Out => output.write(text),
            Stream::Err => output.write_error(text),
        }
    }

    fn flush(&mut self, _stream: Stream) {
        self.context.live.runtime.output.flush();
    }

    fn find_module(&mut self, name: &str) -> Result<Option<ModuleSource>, String> {
        self.context.live.runtime.loader.find(name)
    }

    fn cached_unit(&mut self, name: &str) -> Option<Arc<Unit>> {
        self.context.live.runtime.units.get(name)
    }

    fn cache_unit(&mut self, name: &str, unit: &Arc<Unit>) {
        self.context.live.runtime.units.add(name, unit);
    }

    fn extension(&mut self) -> Option<&mut (dyn Any + Send)> {
        Some(&mut self.context)
    }
}

/// Queues a new task.
pub(crate) fn spawn(runtime: &Arc<Inner>, name: SmolStr, start: Start, bounds: Option<Bounds>) -> Arc<Task> {
    let is_main = matches!(start, Start::Main(_));
    let until = bounds.and_then(|bounds| bounds.until);
    let task = runtime.new_task(name, is_main, bounds.map(Box::new));
    let live = Arc::new(Live { runtime: runtime.clone(), task: task.clone() });
    let future = TaskFuture::new(live.clone(), start, until);
    let (runnable, handle) = async_task::Builder::new().metadata(live).spawn(|_| future, queue);
    // The task runs on by itself; its result is in `Task`.
    handle.detach();
    task.set_waker(runnable.waker());
    runnable.schedule();
    task
}

/// A task wants to run.
fn queue(runnable: Runnable) {
    let live = runnable.metadata().clone();
    live.task.set_queued();
    let arrival = live.task.arrival();
    live.runtime.pool.schedule(runnable, arrival);
}

/// Makes the isolate of a task and starts it.
pub(crate) fn start(live: &Arc<Live>, start: Start) -> Result<Isolate, Error> {
    let Live { runtime, task } = &**live;
    let context = TaskContext { live: live.clone(), duties: Duties::new(task.id()) };
    let host = TaskHost { context };
    let own = task.bounds().map_or(TaskLimits::default(), |bounds| bounds.limits);
    let mut isolate = Isolate::new(runtime.library.clone(), Box::new(host), own.of_isolate(runtime.limits));
    match start {
        Start::Main(unit) => isolate.start_main(unit)?,
        Start::Call(call) => isolate.start_call(&call.function, &call.args, &call.kwargs)?,
    }
    Ok(isolate)
}

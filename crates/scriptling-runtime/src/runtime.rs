//! [`Runtime`]: everything that tasks of one program share, and how an embedder makes one.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Poll, Wake, Waker};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use scriptling_vm::code::Unit;
use scriptling_vm::error::{Error, ExcClass};
use scriptling_vm::isolate::Limits;
use scriptling_vm::library::Library;
use scriptling_vm::portable::Portable;
use smol_str::SmolStr;

use crate::clock::SystemClock;
use crate::kv::{MemoryStore, Store};
use crate::loader::{Loader, NoModules, Units};
use crate::output::Output;
use crate::pool::Pool;
use crate::schedule::{self, Start};
use crate::sync::Registry;
use crate::task::{Join, Task};
use crate::timer::Timer;

/// How long tasks that are still running when the program ends may take to clean up.
const DEFAULT_GRACE: Duration = Duration::from_secs(2);

/// How long ended tasks may take to leave their threads after that.
const LAST_GRACE: Duration = Duration::from_secs(5);

/// Names that the line about cancelled tasks spells out.
const NAMED_TASKS: usize = 5;

/// What all tasks of a runtime share.
pub(crate) struct Inner {
    pub(crate) library: Arc<Library>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) timer: Arc<Timer>,
    pub(crate) output: Arc<Output>,
    pub(crate) sync: Registry,
    pub(crate) kv: Arc<dyn Store>,
    pub(crate) loader: Box<dyn Loader>,
    pub(crate) units: Units,
    pub(crate) limits: Limits,
    pub(crate) argv: Vec<SmolStr>,
    next_task: AtomicU64,
    tasks: Mutex<Tasks>,
    /// The last task has ended.
    idle: Condvar,
}

#[derive(Default)]
struct Tasks {
    live: HashMap<u64, Arc<Task>>,
    /// Tasks that failed: whoever still exists at the end and was not looked at is reported.
    failed: Vec<std::sync::Weak<Task>>,
    closed: bool,
}

impl Inner {
    pub(crate) fn new_task(self: &Arc<Self>, name: SmolStr) -> Arc<Task> {
        let id = self.next_task.fetch_add(1, Ordering::Relaxed);
        let task = Task::new(id, name, self);
        let mut tasks = self.tasks.lock();
        tasks.live.insert(id, task.clone());
        if tasks.closed {
            // Spawned by a task that is cleaning up: it is cancelled before it starts.
            task.cancel();
        }
        task
    }

    pub(crate) fn task_ended(&self, task: &Arc<Task>, failed: bool) {
        let mut tasks = self.tasks.lock();
        tasks.live.remove(&task.id());
        if failed {
            // Those that nobody can look at any more have reported themselves; swept when there may be many of them.
            if tasks.failed.len() == tasks.failed.capacity() {
                tasks.failed.retain(|task| task.strong_count() > 0);
            }
            tasks.failed.push(Arc::downgrade(task));
        }
        if tasks.live.is_empty() {
            self.idle.notify_all();
        }
    }

    fn live(&self) -> Vec<Arc<Task>> {
        let mut live: Vec<Arc<Task>> = self.tasks.lock().live.values().cloned().collect();
        live.sort_by_key(|task| task.id());
        live
    }

    /// Waits until no task is left; false if there are some after `patience`.
    fn wait_idle(&self, patience: Duration) -> bool {
        let end = Instant::now() + patience;
        let mut tasks = self.tasks.lock();
        while !tasks.live.is_empty() {
            if self.idle.wait_until(&mut tasks, end).timed_out() {
                return tasks.live.is_empty();
            }
        }
        true
    }
}

/// Runs programs and their tasks.
pub struct Runtime {
    inner: Arc<Inner>,
    grace: Duration,
    time_limit: Option<Duration>,
}

/// Settings of a [`Runtime`].
pub struct Builder {
    workers: usize,
    limits: Limits,
    time_limit: Option<Duration>,
    grace: Duration,
    argv: Vec<SmolStr>,
    output: Output,
    loader: Box<dyn Loader>,
}

impl Runtime {
    /// Settings with their defaults: a thread per core, the default limits, no script modules.
    pub fn builder() -> Builder {
        Builder {
            workers: std::thread::available_parallelism().map_or(1, usize::from),
            limits: Limits::default(),
            time_limit: None,
            grace: DEFAULT_GRACE,
            argv: vec![SmolStr::default()],
            output: Output::standard(),
            loader: Box::new(NoModules),
        }
    }

    /// Runs a compiled program to its end on the calling thread's behalf: the thread sleeps, the pool works.
    ///
    /// Tasks that are still running then are cancelled, and failures nobody looked at are reported.
    pub fn run_main(&self, unit: Arc<Unit>) -> Result<Portable, Error> {
        self.inner.tasks.lock().closed = false;
        let task = schedule::spawn(&self.inner, "main".into(), Start::Main(unit), self.time_limit);
        let result = block_on(Join::new(task));
        self.finish();
        result.map_err(|failure| {
            Arc::try_unwrap(failure.error).unwrap_or_else(|shared| {
                let copy = Error::new(shared.class(), shared.message().into(), shared.rendered().into());
                shared.exit_code().into_iter().fold(copy, Error::with_exit_code)
            })
        })
    }

    /// Writes out what is buffered.
    pub fn flush(&self) {
        self.inner.output.flush();
    }

    /// What Ctrl-C does: raises `KeyboardInterrupt` in the main program. If it ends by that, its tasks are cancelled as
    /// always.
    pub fn interrupt(&self) {
        // The main program is the oldest task: nothing else can have started the others.
        if let Some(main) = self.inner.live().first() {
            main.interrupt();
        }
    }

    /// The default key-value store.
    pub fn kv(&self) -> &Arc<dyn Store> {
        &self.inner.kv
    }

    /// The number of threads that run scripts.
    pub fn workers(&self) -> usize {
        self.inner.pool.workers()
    }

    /// Ends what is still running and reports what failed unseen.
    fn finish(&self) {
        self.inner.tasks.lock().closed = true;
        // A task's result is out a moment before it is off the list.
        let mut left = self.inner.live();
        left.retain(|task| !task.is_done());
        if !left.is_empty() {
            self.name_cancelled(&left);
            for task in left.drain(..) {
                task.cancel();
            }
            if !self.inner.wait_idle(self.grace) {
                self.inner.live().iter().for_each(|task| task.kill());
                self.inner.wait_idle(LAST_GRACE);
            }
        }
        let failed = std::mem::take(&mut self.inner.tasks.lock().failed);
        failed.iter().filter_map(std::sync::Weak::upgrade).for_each(|task| task.report(&self.inner));
        self.inner.output.flush();
    }

    /// One line that says which tasks the end of the program cut short.
    fn name_cancelled(&self, tasks: &[Arc<Task>]) {
        let names: Vec<String> = tasks.iter().take(NAMED_TASKS).map(|task| format!("'{}'", task.name())).collect();
        let more =
            if tasks.len() > NAMED_TASKS { format!(" and {} more", tasks.len() - NAMED_TASKS) } else { String::new() };
        let plural = if tasks.len() == 1 { "task was" } else { "tasks were" };
        let text = format!("scriptling: {} {plural} cancelled at the end of the program: ", tasks.len());
        self.inner.output.write_error(&format!("{text}{}{more}\n", names.join(", ")));
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        // Parked tasks are held by what they wait for, which the runtime holds: end them, or none of it is ever freed.
        self.inner.tasks.lock().closed = true;
        self.inner.live().iter().for_each(|task| task.kill());
        self.inner.wait_idle(LAST_GRACE);
        self.inner.timer.stop();
        self.inner.output.flush();
    }
}

impl Builder {
    /// Threads that run scripts (at least one).
    #[must_use]
    pub fn workers(mut self, workers: usize) -> Builder {
        self.workers = workers.max(1);
        self
    }

    /// What each task may use.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Builder {
        self.limits = limits;
        self
    }

    /// How long the main program may run.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Builder {
        self.time_limit = Some(limit);
        self
    }

    /// How long tasks may clean up after the program has ended.
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Builder {
        self.grace = grace;
        self
    }

    /// `sys.argv`: the script's name and its arguments.
    #[must_use]
    pub fn argv<S: Into<SmolStr>>(mut self, argv: impl IntoIterator<Item = S>) -> Builder {
        self.argv = argv.into_iter().map(Into::into).collect();
        self
    }

    /// Where output goes, if not to the process's streams.
    #[must_use]
    pub fn output(mut self, output: Output) -> Builder {
        self.output = output;
        self
    }

    /// Where script modules come from.
    #[must_use]
    pub fn loader(mut self, loader: impl Loader + 'static) -> Builder {
        self.loader = Box::new(loader);
        self
    }

    /// The runtime. `library` holds the builtins and the native modules: [`crate::modules`] has this crate's.
    pub fn build(self, library: Arc<Library>) -> Result<Runtime, Error> {
        let pool = Pool::new(self.workers).map_err(|error| {
            let message = format!("cannot start {} threads: {error}", self.workers);
            let rendered = format!("{}: {message}\n", ExcClass::RuntimeError.name());
            Error::new(ExcClass::RuntimeError.name(), message, rendered)
        })?;
        let clock = Arc::new(SystemClock::default());
        let inner = Inner {
            library,
            pool,
            timer: Arc::new(Timer::new(clock.clone())),
            output: Arc::new(self.output),
            sync: Registry::default(),
            kv: Arc::new(MemoryStore::new(clock)),
            loader: self.loader,
            units: Units::default(),
            limits: self.limits,
            argv: self.argv,
            next_task: AtomicU64::new(0),
            tasks: Mutex::default(),
            idle: Condvar::new(),
        };
        Ok(Runtime { inner: Arc::new(inner), grace: self.grace, time_limit: self.time_limit })
    }
}

/// Waits for a task on a thread of the host.
fn block_on(mut join: Join) -> Result<Portable, crate::task::Failure> {
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    loop {
        match join.poll(&waker) {
            Poll::Ready(result) => return result,
            Poll::Pending => std::thread::park(),
        }
    }
}

struct Unpark(std::thread::Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

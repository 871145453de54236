//! [`Runtime`]: everything that tasks of one program share, and how an embedder makes one.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::task::{Poll, Wake, Waker};
// In place of a thread that waits for it meanwhile, so no part of a schedule.
use std::thread::{Builder as ThreadBuilder, scope};
use std::time::{Duration, Instant};

use crossbeam_utils::CachePadded;
use scriptling_vm::code::Unit;
use scriptling_vm::error::{Error, ExcClass};
use scriptling_vm::isolate::Limits;
use scriptling_vm::library::Library;
use scriptling_vm::portable::Portable;
use smol_str::SmolStr;

use crate::cap::{Cap, OverCap};
use crate::clock::{Clock, SystemClock};
use crate::deadlock::{self, Watch};
use crate::kv::Store;
use crate::kv::registry::Stores;
use crate::limits::{Bounds, TaskLimits};
use crate::live::LiveTasks;
use crate::loader::{Loader, NoModules, Units};
use crate::output::Output;
use crate::pool::{Pool, STACK_SIZE};
use crate::primitives::atomic::{AtomicBool, AtomicU64, Ordering};
use crate::primitives::{Condvar, Mutex, thread};
use crate::repeat::Schedules;
use crate::schedule::{self, Start};
use crate::seeded::Seeded;
use crate::sync::Registry;
use crate::task::{Failure, Join, Task};
use crate::timer::{Sleep, Timer};

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
    /// On what stores in memory and sync objects hold.
    pub(crate) cap: Option<Arc<Cap>>,
    pub(crate) kv: Arc<Stores>,
    /// Whether scripts may open stores in files.
    pub(crate) kv_files: bool,
    pub(crate) loader: Box<dyn Loader>,
    pub(crate) units: Units,
    pub(crate) limits: Limits,
    /// What scripts may have for tasks at most.
    pub(crate) task_limits: TaskLimits,
    /// How long a cancelled task is left in peace.
    pub(crate) grace: Duration,
    pub(crate) watch: CachePadded<Watch>,
    pub(crate) argv: Vec<SmolStr>,
    pub(crate) schedules: Schedules,
    /// What decides instead of luck, if the runtime is deterministic.
    pub(crate) seeded: Option<Arc<Seeded>>,
    /// What is done when the main program pauses for the first time, until it is.
    first_pause: Mutex<Option<FirstPause>>,
    next_task: AtomicU64,
    live: LiveTasks,
    /// From now on tasks are cancelled before they start.
    closed: AtomicBool,
    ended: Mutex<Ended>,
    /// The last task has ended, or one that failed is gone.
    changed: Condvar,
}

type FirstPause = Box<dyn FnOnce() + Send>;

/// What is left of tasks.
#[derive(Default)]
struct Ended {
    /// Tasks that failed, until they are gone and have reported it if nobody had looked. Those that still exist at the
    /// end are reported then.
    failed: BTreeMap<u64, Weak<Task>>,
    /// The names of shared tasks of the main program that its end has cut short.
    cut_short: Vec<SmolStr>,
}

impl Inner {
    pub(crate) fn new_task(self: &Arc<Self>, name: SmolStr, is_main: bool, bounds: Option<Box<Bounds>>) -> Arc<Task> {
        let id = self.next_task.fetch_add(1, Ordering::Relaxed);
        let task = Task::new(id, name, is_main, bounds, self);
        self.live.add(&task);
        if self.is_closing() {
            // Spawned by a task that is cleaning up: it is cancelled before it starts.
            task.cancel();
        }
        task
    }

    /// The main program pauses.
    pub(crate) fn main_pauses(&self) {
        let act = self.first_pause.lock().take();
        act.into_iter().for_each(|act| act());
    }

    /// A task that is a fiber of another one.
    pub(crate) fn new_shared_task(self: &Arc<Self>, name: SmolStr, owner: &Arc<Task>) -> Arc<Task> {
        let id = self.next_task.fetch_add(1, Ordering::Relaxed);
        let task = Task::new_shared(id, name, owner, self);
        self.live.add(&task);
        task
    }

    /// The limits of a task that `starter` starts and asks to have `asked`.
    pub(crate) fn bounds(&self, asked: TaskLimits, starter: &Task) -> Option<Bounds> {
        let asked = asked.within(self.task_limits);
        // Those of the main program are not handed on: tasks end with it.
        let outer = starter.bounds().filter(|_| !starter.is_main());
        if asked == TaskLimits::default() && outer.is_none() {
            return None;
        }
        Bounds::new(asked, outer, self.timer.now())
    }

    /// A shared task of the main program is cancelled because that one has ended.
    pub(crate) fn note_cut_short(&self, name: &SmolStr) {
        self.ended.lock().cut_short.push(name.clone());
    }

    /// From now on tasks are cancelled before they start.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    /// Whether the program has ended, and its tasks with it.
    pub(crate) fn is_closing(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// Notes that a task is about to fail. Before anybody can see that: the program may end because of it.
    pub(crate) fn task_failed(&self, task: &Arc<Task>) {
        self.ended.lock().failed.insert(task.id(), Arc::downgrade(task));
    }

    /// A task that failed is gone, and has been reported unless somebody looked.
    pub(crate) fn failure_settled(&self, task: u64) {
        self.ended.lock().failed.remove(&task);
        self.changed.notify_all();
    }

    pub(crate) fn task_ended(&self, task: &Arc<Task>) {
        if self.live.remove(task) {
            // Who finds that there are others holds this from before it looks until it waits.
            drop(self.ended.lock());
            self.changed.notify_all();
        }
    }

    /// Reports all failures nobody has looked at.
    fn report_failures(&self) {
        let failed: Vec<Arc<Task>> = self.ended.lock().failed.values().filter_map(Weak::upgrade).collect();
        failed.iter().for_each(|task| task.report(self));
        drop(failed);
        // A task without owners is being dropped by its last one, which reports it: the program must not end meanwhile.
        let mut ended = self.ended.lock();
        while ended.failed.values().any(|task| task.strong_count() == 0) {
            self.changed.wait(&mut ended);
        }
    }

    /// The tasks that have not ended, oldest first.
    pub(crate) fn live(&self) -> Vec<Arc<Task>> {
        self.live.all()
    }

    /// Waits until no task is left; false if there are some after `patience`.
    fn wait_idle(&self, patience: Duration) -> bool {
        if self.seeded.is_some() {
            return self.run_idle(patience);
        }
        let end = Instant::now() + patience;
        let mut ended = self.ended.lock();
        while !self.live.is_empty() {
            if self.changed.wait_until(&mut ended, end).timed_out() {
                return self.live.is_empty();
            }
        }
        true
    }
}

impl Inner {
    /// What `wait_idle` does where only this thread can run the tasks, and time is what the runtime says.
    fn run_idle(&self, patience: Duration) -> bool {
        let mut end = Sleep::new(self.timer.clone(), patience);
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let is_idle = || self.live.is_empty();
        self.pool.run_here(|| is_idle() || end.poll(&waker).is_ready());
        is_idle()
    }

    /// A number in `0..1`, by chance.
    pub(crate) fn chance(&self) -> f64 {
        self.seeded.as_ref().map_or_else(crate::repeat::chance, |seeded| seeded.chance())
    }

    /// Somebody has nothing to run and finds nothing queued: whether there may be something now.
    fn on_idle(&self, detect_deadlocks: bool, still_idle: &dyn Fn() -> bool) -> bool {
        if detect_deadlocks {
            deadlock::check(self, still_idle);
        }
        self.seeded.as_ref().is_some_and(|seeded| still_idle() && seeded.jump())
    }
}

/// Runs programs and their tasks.
pub struct Runtime {
    inner: Arc<Inner>,
    time_limit: Option<Duration>,
    /// Whether the caller of `run_main` has no stack to run scripts on.
    needs_stack: bool,
}

/// Settings of a [`Runtime`].
pub struct Builder {
    workers: Option<usize>,
    run_main_here: bool,
    seed: Option<u64>,
    /// A clock and a timer that a test moves.
    time: Option<(Arc<dyn Clock>, Arc<Timer>)>,
    limits: Limits,
    task_limits: TaskLimits,
    detect_deadlocks: bool,
    time_limit: Option<Duration>,
    grace: Duration,
    argv: Vec<SmolStr>,
    output: Output,
    loader: Box<dyn Loader>,
    kv_files: bool,
    shared_memory: Option<usize>,
}

impl Runtime {
    /// Settings with their defaults: a thread per core, the default limits, no script modules.
    pub fn builder() -> Builder {
        Builder {
            workers: None,
            run_main_here: false,
            seed: None,
            time: None,
            limits: Limits::default(),
            task_limits: TaskLimits::default(),
            detect_deadlocks: false,
            time_limit: None,
            grace: DEFAULT_GRACE,
            argv: vec![SmolStr::default()],
            output: Output::standard(),
            loader: Box::new(NoModules),
            kv_files: false,
            shared_memory: None,
        }
    }

    /// Runs a compiled program to its end on the calling thread's behalf: the pool works and the thread sleeps, but see
    /// [`Builder::run_main_here`]. A runtime runs one program at a time.
    ///
    /// Tasks that are still running then are cancelled, and failures nobody looked at are reported. A program that was stuck
    /// (see [`Builder::detect_deadlocks`]) fails with an error of the class [`DEADLOCK`](crate::DEADLOCK).
    pub fn run_main(&self, unit: Arc<Unit>) -> Result<Portable, Error> {
        if !self.needs_stack {
            return self.run_program(unit);
        }
        scope(|scope| {
            let run = || self.run_program(unit);
            let thread = ThreadBuilder::new().name("scriptling".into()).stack_size(STACK_SIZE);
            let running = thread.spawn_scoped(scope, run).map_err(|error| {
                let message = format!("cannot start a thread: {error}");
                runtime_error(message)
            })?;
            running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    fn run_program(&self, unit: Arc<Unit>) -> Result<Portable, Error> {
        self.inner.closed.store(false, Ordering::SeqCst);
        let limits = TaskLimits { time: self.time_limit, ..TaskLimits::default() };
        let bounds = Bounds::new(limits, None, self.inner.timer.now());
        let task = schedule::spawn(&self.inner, "main".into(), Start::Main(unit), bounds);
        let result = block_on(&self.inner.pool, Join::new(task));
        self.inner.first_pause.lock().take();
        self.finish();
        self.tell_seed(&result);
        if let Some(error) = self.inner.watch.take_error() {
            return Err(error);
        }
        result.map_err(|failure| {
            Arc::try_unwrap(failure.error).unwrap_or_else(|shared| {
                let copy = Error::new(shared.class(), shared.message().into(), shared.rendered().into());
                shared.exit_code().into_iter().fold(copy, Error::with_exit_code)
            })
        })
    }

    /// Has `act` called, on a thread that runs scripts, when the main program waits for the first time or has run for a
    /// fraction of a millisecond: for what a host prepares for programs that take time, and the others need not pay for.
    pub fn on_first_pause(&self, act: impl FnOnce() + Send + 'static) {
        *self.inner.first_pause.lock() = Some(Box::new(act));
    }

    /// Writes out what is buffered.
    pub fn flush(&self) {
        self.inner.output.flush();
    }

    /// Flushes the stores in files, for a process that is about to end though its program has not. Waits for the disks, but
    /// not for ever; false if they were not ready by then or one has failed. Changes that tasks make from now on are not
    /// acknowledged.
    pub fn flush_stores(&self) -> bool {
        let (stores, (done, ended)) = (self.inner.kv.clone(), std::sync::mpsc::channel());
        let flush = move || {
            // Who has waited too long is gone.
            let _ = done.send(stores.seal_files().is_empty());
        };
        let started = thread::Builder::new().name("scriptling-kv-end".into()).spawn(flush);
        started.is_ok() && ended.recv_timeout(LAST_GRACE).unwrap_or(false)
    }

    /// What Ctrl-C does: raises `KeyboardInterrupt` in the main program. If it ends by that, its tasks are cancelled as
    /// always.
    pub fn interrupt(&self) {
        let main = self.inner.live().into_iter().find(|task| task.is_main());
        main.into_iter().for_each(|main| main.interrupt());
    }

    /// The default key-value store.
    pub fn kv(&self) -> &Arc<dyn Store> {
        self.inner.kv.default_store()
    }

    /// The number of threads that run scripts.
    pub fn workers(&self) -> usize {
        self.inner.pool.workers()
    }

    /// How many tasks have not ended.
    #[cfg(all(test, shuttle))]
    pub(crate) fn live_tasks(&self) -> usize {
        self.inner.live().len()
    }

    /// What there is one of in a runtime.
    #[cfg(all(test, shuttle))]
    pub(crate) fn inner(&self) -> &Arc<Inner> {
        &self.inner
    }

    /// Ends what is still running and reports what failed unseen.
    fn finish(&self) {
        self.inner.close();
        self.inner.schedules.end();
        // A task's result is out a moment before it is off the list.
        let mut left = self.inner.live();
        left.retain(|task| !task.is_done());
        let mut cut_short = std::mem::take(&mut self.inner.ended.lock().cut_short);
        cut_short.extend(left.iter().map(|task| task.name().clone()));
        // A report has named them.
        if !cut_short.is_empty() && !self.inner.watch.has_report() {
            self.name_cancelled(&cut_short);
        }
        if !left.is_empty() {
            for task in left.drain(..) {
                task.cancel();
            }
            if !self.inner.wait_idle(self.inner.grace) {
                self.inner.live().iter().for_each(|task| task.kill());
                self.inner.wait_idle(LAST_GRACE);
            }
            // What they have scheduled while they cleaned up.
            self.inner.schedules.end();
        }
        self.inner.report_failures();
        for error in self.inner.kv.close_files() {
            self.inner.output.write_error(&format!("scriptling: {error}\n"));
        }
        self.inner.output.flush();
    }

    /// One line that says how to see a failure again that may depend on the schedule.
    fn tell_seed(&self, result: &Result<Portable, Failure>) {
        let Some(seeded) = &self.inner.seeded else { return };
        let ended_well = |failure: &Failure| failure.error.exit_code() == Some(0);
        let failed = result.as_ref().is_err_and(|failure| !ended_well(failure)) || self.inner.watch.has_report();
        if seeded.take_reported() || failed {
            let seed = seeded.seed();
            let text = format!("scriptling: the schedule was that of seed {seed} (again: --schedule-seed {seed})\n");
            self.inner.output.write_error(&text);
        }
    }

    /// One line that says which tasks the end of the program cut short.
    fn name_cancelled(&self, tasks: &[SmolStr]) {
        let names: Vec<String> = tasks.iter().take(NAMED_TASKS).map(|name| format!("'{name}'")).collect();
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
        self.inner.close();
        self.inner.schedules.end();
        self.inner.live().iter().for_each(|task| task.kill());
        self.inner.wait_idle(LAST_GRACE);
        self.inner.timer.stop();
        self.inner.kv.stop();
        // `run_main` has done so, unless it panicked; there is nobody left to tell.
        self.inner.kv.close_files();
        self.inner.output.flush();
    }
}

impl Builder {
    /// Threads that run scripts (at least one).
    #[must_use]
    pub fn workers(mut self, workers: usize) -> Builder {
        self.workers = Some(workers.max(1));
        self
    }

    /// Whether [`Runtime::run_main`] may run the program on the thread that calls it while it has no tasks. Threads are
    /// started with its first task then, which most programs do not have. The thread needs a stack of 4 MiB.
    #[must_use]
    pub fn run_main_here(mut self, here: bool) -> Builder {
        self.run_main_here = here;
        self
    }

    /// Makes runs repeatable: who runs when is decided by `seed`, on the thread that calls [`Runtime::run_main`] (or one in
    /// its place, unless [`Builder::run_main_here`] is set), and time is counted, not measured: it begins with the runtime, on
    /// the first of January 2020, and jumps while nobody can run. A program that does nothing outside of itself does the same
    /// each time it is run by a new runtime with the same seed. If it fails, a line on standard error tells the seed.
    ///
    /// To find what goes wrong between two calls in one line as well, use a library with [`LibraryBuilder::pauses`].
    ///
    /// [`LibraryBuilder::pauses`]: scriptling_vm::library::LibraryBuilder::pauses
    #[must_use]
    pub fn deterministic(mut self, seed: u64) -> Builder {
        self.seed = Some(seed);
        self
    }

    /// A clock and its timer.
    #[cfg(all(test, shuttle))]
    pub(crate) fn time(mut self, clock: Arc<dyn Clock>, timer: Arc<Timer>) -> Builder {
        self.time = Some((clock, timer));
        self
    }

    /// What each task may use.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Builder {
        self.limits = limits;
        self
    }

    /// What scripts may have at most for each task that they start: see `runtime.Limits`.
    #[must_use]
    pub fn task_limits(mut self, limits: TaskLimits) -> Builder {
        self.task_limits = limits;
        self
    }

    /// Whether a program in which every task waits for another one is ended, with a report who waits for what. Not for
    /// hosts that do something to the sync objects or tasks of a running program from outside.
    #[must_use]
    pub fn detect_deadlocks(mut self, detect: bool) -> Builder {
        self.detect_deadlocks = detect;
        self
    }

    /// How long the main program may run.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Builder {
        self.time_limit = Some(limit);
        self
    }

    /// How long a task that is cancelled may clean up, before it can be cancelled for good; and after the program has ended.
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

    /// Whether scripts may open key-value stores in files (`kv.open("path")`): any file that the process may. They may not
    /// unless this is called.
    #[must_use]
    pub fn kv_files(mut self, allowed: bool) -> Builder {
        self.kv_files = allowed;
        self
    }

    /// How many bytes the values may take that no task holds, and no task's memory limit counts: those in key-value stores in
    /// memory, in queues, topics and shared values, with the stores and sync objects themselves. What does not fit raises
    /// `MemoryError` in the task that stores it. Without this call there is no such limit: for hosts that run what nobody
    /// vouches for.
    #[must_use]
    pub fn shared_memory(mut self, bytes: usize) -> Builder {
        self.shared_memory = Some(bytes);
        self
    }

    /// The runtime. `library` holds the builtins and the native modules: [`crate::modules`] has this crate's.
    pub fn build(self, library: Arc<Library>) -> Result<Runtime, Error> {
        let seeded = self.seed.map(|seed| Arc::new(Seeded::new(seed)));
        let pool = Pool::new(self.workers, seeded.clone());
        if !self.run_main_here {
            start_threads(&pool).map_err(runtime_error)?;
        }
        let (clock, timer) = match (&seeded, self.time) {
            (Some(seeded), _) => (seeded.clock(), seeded.timer()),
            (None, Some(time)) => time,
            (None, None) => {
                let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
                (clock.clone(), Arc::new(Timer::new(clock)))
            }
        };
        let cap = self.shared_memory.map(Cap::new);
        let kv = Stores::new(clock.clone(), cap.clone()).map_err(|OverCap(message)| {
            let class = ExcClass::MemoryError.name();
            Error::new(class, message.clone(), format!("{class}: {message}\n"))
        })?;
        let needs_stack = seeded.is_some() && !self.run_main_here;
        let inner = Inner {
            library,
            pool: pool.clone(),
            timer,
            output: Arc::new(self.output),
            sync: Registry::default(),
            kv: Arc::new(kv),
            cap,
            kv_files: self.kv_files,
            loader: self.loader,
            units: Units::default(),
            limits: self.limits,
            task_limits: self.task_limits,
            grace: self.grace,
            watch: CachePadded::default(),
            schedules: Schedules::default(),
            seeded,
            argv: self.argv,
            first_pause: Mutex::default(),
            next_task: AtomicU64::new(0),
            live: LiveTasks::new(),
            closed: AtomicBool::new(false),
            ended: Mutex::default(),
            changed: Condvar::new(),
        };
        let inner = Arc::new(inner);
        let detect = self.detect_deadlocks;
        if detect || inner.seeded.is_some() {
            let inner = Arc::downgrade(&inner);
            pool.on_idle(move |still_idle| inner.upgrade().is_some_and(|inner| inner.on_idle(detect, still_idle)));
        }
        Ok(Runtime { inner, time_limit: self.time_limit, needs_stack })
    }
}

/// An error of the runtime itself.
fn runtime_error(message: String) -> Error {
    let class = ExcClass::RuntimeError.name();
    let rendered = format!("{class}: {message}\n");
    Error::new(class, message, rendered)
}

/// Starts the threads of a pool; the error is for the user.
pub(crate) fn start_threads(pool: &Arc<Pool>) -> Result<(), String> {
    pool.start().map_err(|error| format!("cannot start {} threads: {error}", pool.workers()))
}

/// Waits for a task on a thread of the host, which runs it as long as the pool has no threads.
fn block_on(pool: &Arc<Pool>, mut join: Join) -> Result<Portable, Failure> {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut result = None;
    pool.run_here(|| match join.poll(&waker) {
        Poll::Ready(ended) => {
            result = Some(ended);
            true
        }
        Poll::Pending => false,
    });
    if let Some(result) = result {
        return result;
    }
    loop {
        match join.poll(&waker) {
            Poll::Ready(result) => return result,
            Poll::Pending => thread::park(),
        }
    }
}

struct Unpark(thread::Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::pin::pin;
    use std::sync::mpsc::{Sender, channel};
    use std::task::Context;

    use scriptling_syntax::Source;
    use scriptling_vm::run::start::compile_source;

    use super::*;
    use crate::task::{Live, TaskFuture};

    /// Collects what is written to standard error; slowly, once somebody wants to be told when it starts.
    #[derive(Clone, Default)]
    struct Sink {
        text: Arc<Mutex<String>>,
        started: Option<Sender<()>>,
    }

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            if let Some(started) = &self.started {
                started.send(()).expect("the test waits for it");
                (0..10_000).for_each(|_| thread::yield_now());
            }
            self.text.lock().push_str(&String::from_utf8_lossy(bytes));
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn runtime(sink: &Sink) -> Arc<Runtime> {
        let output = Output::new(Box::new(std::io::sink()), Box::new(sink.clone()), false);
        let builder = Runtime::builder().workers(1).run_main_here(true).output(output);
        let library = Library::builder().boxed_modules(crate::modules::all()).build();
        Arc::new(builder.build(library).expect("it starts no threads"))
    }

    /// A task that fails at its first poll.
    fn failing(runtime: &Runtime) -> TaskFuture {
        let inner = &runtime.inner;
        let source = Arc::new(Source::new("test.py", "raise ValueError('unseen')"));
        let unit = Arc::new(compile_source(&inner.library, source, None, false).expect("it compiles"));
        let task = inner.new_task("doomed".into(), false, None);
        TaskFuture::new(Arc::new(Live { runtime: inner.clone(), task }), Start::Main(unit), None)
    }

    fn run(task: TaskFuture) {
        assert!(pin!(task).poll(&mut Context::from_waker(Waker::noop())).is_ready());
    }

    /// Ends the program as soon as a task's result can be seen.
    struct Ending {
        runtime: Arc<Runtime>,
        sink: Sink,
        reported: Mutex<Option<String>>,
    }

    impl Wake for Ending {
        fn wake(self: Arc<Self>) {
            self.runtime.finish();
            *self.reported.lock() = Some(self.sink.text.lock().clone());
        }
    }

    #[test]
    fn a_program_that_ends_when_a_task_fails_reports_the_failure() {
        let sink = Sink::default();
        let runtime = runtime(&sink);
        let task = failing(&runtime);
        let mut join = Join::new(task.task().clone());
        let ending = Arc::new(Ending { runtime, sink, reported: Mutex::default() });
        assert!(join.poll(&Waker::from(ending.clone())).is_pending());
        run(task);
        let reported = ending.reported.lock().clone().expect("whoever waits for the task is woken");
        assert!(reported.contains("'doomed'") && reported.contains("ValueError: unseen"), "{reported:?}");
    }

    #[test]
    fn a_report_before_the_result_is_out_does_not_replace_the_one_after() {
        let sink = Sink::default();
        let runtime = runtime(&sink);
        let task = failing(&runtime);
        // What the end of a program does that has lost patience.
        runtime.inner.task_failed(task.task());
        runtime.inner.report_failures();
        run(task);
        let reported = sink.text.lock().clone();
        assert_eq!(reported.matches("ValueError: unseen").count(), 1, "{reported:?}");
    }

    #[test]
    fn a_program_does_not_end_while_a_failure_is_being_reported() {
        let (started, starts) = channel();
        let sink = Sink { started: Some(started), ..Sink::default() };
        let runtime = runtime(&sink);
        let task = failing(&runtime);
        scope(|scope| {
            // Dropped by its thread, and nobody else has it.
            scope.spawn(|| run(task));
            starts.recv().expect("it is reported");
            runtime.finish();
            let reported = sink.text.lock().clone();
            assert!(reported.contains("ValueError: unseen"), "{reported:?}");
        });
    }

    #[test]
    fn threads_are_started_for_the_first_task_only() {
        let sink = Sink::default();
        let runtime = runtime(&sink);
        let run = |text: &str| {
            let source = Arc::new(Source::new("test.py", text));
            let unit = compile_source(&runtime.inner.library, source, None, false).expect("it compiles");
            runtime.run_main(Arc::new(unit)).expect("it does not fail");
        };
        run("import time\ntime.sleep(0.001)\nfor n in range(20000): pass\n");
        assert!(!runtime.inner.pool.has_threads());
        let tasks = "import scriptling.runtime as r\nprint(r.run(lambda: 2).get() + r.run(lambda: 3).get())\n";
        (0..2).for_each(|_| run(tasks));
        assert!(runtime.inner.pool.has_threads());
    }
}

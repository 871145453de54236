//! The isolate's life from outside: making one, starting a program or a call in it, running slices, safepoints.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use smol_str::SmolStr;

use super::{Exit, Next};
use crate::code::Unit;
use crate::compile::{self, CompileOptions};
use crate::error::{Error, ExcClass, Raise};
use crate::fiber::{Fiber, OnReturn};
use crate::heap::module::{GlobalNames, ModuleInfo};
use crate::heap::{Gc, Heap, Module};
use crate::isolate::{Host, Interrupt, Isolate, Limits, Slice};
use crate::library::Library;
use crate::native::Cx;
use crate::portable::Portable;
use crate::value::Value;
use scriptling_syntax::Source;

/// Fuel that a script gets to clean up (`finally`, `with`) after a limit or cancellation was raised in it.
const GRACE_FUEL: i64 = 100_000;

/// All syntax errors of a text.
#[derive(Debug)]
pub struct SyntaxErrors {
    /// The class of the first: SyntaxError, IndentationError or TabError.
    pub class: ExcClass,
    /// The message of the first, without position.
    pub message: String,
    /// All of them, rendered with position, source line and carets.
    pub rendered: String,
}

impl From<SyntaxErrors> for Error {
    fn from(errors: SyntaxErrors) -> Error {
        Error::new(errors.class.name(), errors.message, errors.rendered)
    }
}

impl Raise {
    /// The exception for a text that does not parse.
    pub(crate) fn syntax(errors: SyntaxErrors) -> Raise {
        // The report's last line is "Class: message"; what is before it says where.
        let place = errors.rendered.trim_end().rsplit_once('\n').map_or("", |(place, _)| place);
        Raise::new(errors.class, format!("{}\n{place}", errors.message))
    }
}

/// Parses and compiles a text. `names` continues the numbering of a module that has units already; `return_last` makes the
/// value of a final expression statement the result.
pub fn compile_source(
    library: &Library,
    source: Arc<Source>,
    names: Option<Arc<GlobalNames>>,
    return_last: bool,
) -> Result<Unit, SyntaxErrors> {
    let parse = scriptling_syntax::parse(source.text());
    if !parse.errors.is_empty() {
        let mut rendered = String::new();
        for error in &parse.errors {
            rendered.push_str(&scriptling_syntax::render::render(&source, error));
        }
        let first = &parse.errors[0];
        let class = match first.class {
            scriptling_syntax::ErrorClass::Syntax => ExcClass::SyntaxError,
            scriptling_syntax::ErrorClass::Indentation => ExcClass::IndentationError,
            scriptling_syntax::ErrorClass::Tab => ExcClass::TabError,
        };
        return Err(SyntaxErrors { class, message: first.message.clone(), rendered });
    }
    let builtins = |name: &str| library.builtin_index(name);
    let pauses = library.pauses;
    let options = CompileOptions { library_builtins: &builtins, existing_names: names, return_last, pauses };
    compile::compile(source.clone(), &parse.module, &options).map_err(|errors| {
        let mut rendered = String::new();
        for error in &errors {
            let error = scriptling_syntax::SyntaxError::new(error.message.clone(), error.span);
            rendered.push_str(&scriptling_syntax::render::render(&source, &error));
        }
        let message = errors.first().map(|error| error.message.clone()).unwrap_or_default();
        SyntaxErrors { class: ExcClass::SyntaxError, message, rendered }
    })
}

impl Isolate {
    /// An empty isolate.
    pub fn new(library: Arc<Library>, host: Box<dyn Host>, limits: Limits) -> Isolate {
        Isolate {
            heap: Heap::new(limits.memory),
            library,
            fiber: Fiber::new(),
            // Most tasks have two: the program and one that it imports.
            modules: indexmap::IndexMap::with_capacity_and_hasher(2, foldhash::fast::FixedState::default()),
            shapes: Vec::new(),
            frozen_roots: None,
            classes: Vec::new(),
            units: Vec::new(),
            caches: super::cache::CacheTables::default(),
            host,
            limits,
            strands: None,
            fuel_used: 0,
            fuel_exhausted: false,
            portable: crate::portable::PortableState::default(),
        }
    }

    /// The library this isolate runs with.
    pub fn library(&self) -> &Arc<Library> {
        &self.library
    }

    /// Compiles a text for this isolate's library.
    pub fn compile(&self, name: &str, text: &str) -> Result<Arc<Unit>, Error> {
        let source = Arc::new(Source::new(name, text));
        Ok(Arc::new(compile_source(&self.library, source, None, false)?))
    }

    /// Prepares to run a unit as the main program (`__name__` is `__main__`).
    pub fn start_main(&mut self, unit: Arc<Unit>) -> Result<(), Error> {
        let module = self.main_module(&unit);
        let body = self.load_unit(module, unit);
        self.start(Value::obj(body), &[], Vec::new())
    }

    pub(crate) fn main_module(&mut self, unit: &Arc<Unit>) -> Gc<Module> {
        if let Some(module) = self.modules.get("__main__") {
            return *module;
        }
        let module = self.new_module(Arc::new(ModuleInfo {
            name: "__main__".into(),
            names: unit.global_names.clone(),
            ..ModuleInfo::default()
        }));
        self.modules.insert("__main__".into(), module);
        module
    }

    /// Runs a text to the end in this thread and returns the value of its last expression.
    ///
    /// For embedders that have no executor: fuel is bounded by the limits only, and a script that would wait for something
    /// outside (a timer, another task) fails with a RuntimeError.
    pub fn run_source(&mut self, name: &str, text: &str) -> Result<Portable, Error> {
        let names = self.modules.get("__main__").map(|module| module.get(&self.heap).info.names.clone());
        let source = Arc::new(Source::new(name, text));
        let unit = Arc::new(compile_source(&self.library, source, names, true)?);
        self.start_main(unit)?;
        self.run_to_end()
    }

    /// Runs what was started to the end in this thread.
    pub fn run_to_end(&mut self) -> Result<Portable, Error> {
        let woken = Arc::new(WokenFlag::default());
        let waker = Waker::from(woken.clone());
        loop {
            match self.run(SLICE_FUEL, &waker) {
                Slice::Done(value) => return Ok(value),
                Slice::Failed(error) => return Err(error),
                Slice::OutOfFuel => {}
                Slice::Parked if woken.take() => {}
                Slice::Parked => {
                    self.interrupt(ExcClass::RuntimeError, "the script waits for something, but no scheduler runs it");
                }
            }
        }
    }

    /// Prepares to call a portable function.
    pub fn start_call(
        &mut self,
        function: &Portable,
        args: &[Portable],
        keywords: &[(SmolStr, Portable)],
    ) -> Result<(), Error> {
        let mut make = || -> Result<_, Raise> {
            let mut cx = Cx { isolate: self };
            // Values are not on the stack yet, and nothing collects before `start` has put them there.
            let callee = function.to_value(&mut cx)?;
            let args = args.iter().map(|arg| arg.to_value(&mut cx)).collect::<Result<Vec<_>, _>>()?;
            let mut named = Vec::with_capacity(keywords.len());
            for (name, value) in keywords {
                let value = value.to_value(&mut cx)?;
                named.push((cx.str(name.clone()), value));
            }
            Ok((callee, args, named))
        };
        match make() {
            Ok((callee, args, named)) => self.start(callee, &args, named),
            Err(raise) => Err(self.error_of(raise)),
        }
    }

    /// Calls a global function of the main program by name and runs it to the end in this thread.
    pub fn call_function(&mut self, name: &str, args: &[Portable]) -> Result<Portable, Error> {
        let function = self.modules.get("__main__").and_then(|module| module.get(&self.heap).get(name));
        let Some(function) = function else {
            let error = Raise::new(ExcClass::NameError, format!("name '{name}' is not defined"));
            return Err(self.error_of(error));
        };
        let values = args.iter().map(|arg| arg.to_value(&mut Cx { isolate: self })).collect::<Result<Vec<_>, _>>();
        match values {
            Ok(values) => self.start(function, &values, Vec::new())?,
            Err(raise) => return Err(self.error_of(raise)),
        }
        self.run_to_end()
    }

    /// Sets the fiber up so that running it makes this call. Everything goes through the prelude's `_call`, so that there is
    /// a frame whatever the callee is; functions of the language with no keywords are entered directly.
    fn start(&mut self, callee: Value, args: &[Value], keywords: Vec<(Value, Value)>) -> Result<(), Error> {
        self.fiber = Fiber { stack: std::mem::take(&mut self.fiber.stack), ..Fiber::new() };
        // What a function needs that parks: vectors would begin with four, and there may be very many such tasks.
        self.fiber.frames.reserve_exact(2);
        let prepared = self.prepare_start(callee, args, keywords);
        prepared.map_err(|raise| self.error_of(raise))
    }

    pub(super) fn prepare_start(
        &mut self,
        callee: Value,
        args: &[Value],
        keywords: Vec<(Value, Value)>,
    ) -> Result<(), Raise> {
        if let Some(function) = callee.as_gc::<crate::heap::Function>() {
            let code = function.get(&self.heap).code.get();
            if keywords.is_empty() && code.fast_args as usize == args.len() {
                self.push_all(&[callee])?;
                self.push_all(args)?;
                return self.enter(function, code, args.len(), OnReturn::Finish);
            }
        }
        let call = self.library.prelude_item("_call");
        let function = call.as_gc::<crate::heap::Function>().expect("the prelude defines a function");
        let code = function.get(&self.heap).code.get();
        let args = self.heap.tuple(args);
        let mut cx = Cx { isolate: self };
        let named = cx.dict();
        for (name, value) in keywords {
            let name = SmolStr::new(cx.as_str(name).unwrap_or_default());
            cx.dict_set_str(named, &name, value);
        }
        self.push_all(&[call, callee, args, Value::obj(named)])?;
        self.enter(function, code, 3, OnReturn::Finish)
    }

    /// Runs a slice: at most `fuel` back-edges and calls. When it parks, `waker` will be called.
    pub fn run(&mut self, fuel: u64, waker: &Waker) -> Slice {
        let total_left = self.limits.fuel.saturating_sub(self.fuel_used);
        let granted = fuel.clamp(1, i64::MAX as u64).min(total_left.max(1));
        self.heap.fuel.left = granted as i64;
        self.heap.fuel.withheld = 0;
        if self.fiber.interrupt.is_some() || self.heap.collection_due() {
            self.heap.request_safepoint();
        }
        let run = std::panic::AssertUnwindSafe(|| self.run_fibers(waker));
        let exit = std::panic::catch_unwind(run);
        let left = self.heap.fuel.left + self.heap.fuel.withheld;
        self.fuel_used = self.fuel_used.saturating_add((granted as i64).saturating_sub(left).max(0) as u64);
        match exit {
            Ok(Exit::Finished(value)) => match Portable::from_value(&mut Cx { isolate: self }, value) {
                Ok(portable) => Slice::Done(portable),
                Err(raise) => Slice::Failed(self.error_of(raise)),
            },
            Ok(Exit::OutOfFuel) if self.fuel_used >= self.limits.fuel && !self.fuel_exhausted => {
                self.fuel_exhausted = true;
                self.interrupt(ExcClass::FuelExhausted, "the script used up its fuel");
                self.limits.fuel = self.limits.fuel.saturating_add(GRACE_FUEL as u64);
                Slice::OutOfFuel
            }
            Ok(Exit::OutOfFuel) if self.fuel_used >= self.limits.fuel => {
                let raise = Raise::new(ExcClass::FuelExhausted, "the script used up its fuel");
                self.strands = None;
                self.fiber = Fiber::new();
                Slice::Failed(self.error_of(raise))
            }
            Ok(Exit::OutOfFuel) => Slice::OutOfFuel,
            Ok(Exit::Parked) => Slice::Parked,
            Ok(Exit::Uncaught(exception)) => Slice::Failed(self.uncaught_error(exception)),
            Err(panic) => {
                // The isolate's state is unknown: it is not run again.
                self.strands = None;
                self.fiber = Fiber::new();
                let text = panic
                    .downcast_ref::<String>()
                    .map(String::as_str)
                    .or(panic.downcast_ref::<&str>().copied())
                    .unwrap_or("unknown panic");
                let message = format!("internal error in a native or the virtual machine: {text}");
                Slice::Failed(Error::new("SystemError", message.clone(), format!("SystemError: {message}\n")))
            }
        }
    }

    /// Calls `callee(argument)` on an empty fiber, for what is left to ask once the program has ended; `None` if it raises,
    /// waits or takes long. The argument must be reachable from the call alone.
    pub(super) fn call_at_the_end(&mut self, callee: Value, argument: Value) -> Option<Value> {
        self.start(callee, &[argument], Vec::new()).ok()?;
        self.heap.fuel.left = GRACE_FUEL;
        let exit = self.run_fiber(Waker::noop());
        self.fiber = Fiber::new();
        match exit {
            Exit::Finished(value) => Some(value),
            _ => None,
        }
    }

    pub(super) fn run_fiber(&mut self, waker: &Waker) -> Exit {
        if self.fiber.waiting.is_some() {
            if self.fiber.interrupt.is_some() && !self.stop_waiting(waker) {
                return Exit::Parked;
            }
            if let Some(interrupt) = self.fiber.interrupt.take() {
                let raise = self.raise_interrupt(&interrupt);
                if let Next::Exit(exit) = self.continue_native(Err(raise), waker) {
                    return exit;
                }
            } else if let Next::Exit(exit) = self.poll_waiting(waker) {
                return exit;
            }
        }
        if self.fiber.frames.is_empty() {
            return Exit::Finished(Value::NONE);
        }
        self.execute(waker)
    }

    /// Drops what the fiber is parked on, which cancels that: an exception arrives where the value would have. False if it
    /// has something to finish first, which limits do not wait for.
    fn stop_waiting(&mut self, waker: &Waker) -> bool {
        use ExcClass::{FuelExhausted, LimitExceeded, TimeLimitExceeded};
        let is_limit =
            |interrupt: &Interrupt| matches!(interrupt.class, LimitExceeded | FuelExhausted | TimeLimitExceeded);
        let hurry = self.fiber.interrupt.as_deref().is_none_or(is_limit);
        let Some(mut wait) = self.fiber.waiting.take() else { return true };
        if hurry || wait.interrupted() {
            return true;
        }
        let newest = self.fiber.continuations.last().expect("parking pushed a continuation");
        self.fiber.kept_base = newest.kept_base as usize;
        if wait.poll(&mut Cx { isolate: self }, waker).is_ready() {
            return true;
        }
        self.fiber.waiting = Some(wait);
        false
    }

    /// Asks for an exception to be raised in the main fiber at its next safepoint, or in what it is parked on (wake it then).
    pub fn interrupt(&mut self, class: ExcClass, message: &str) {
        self.interrupt_main(Box::new(Interrupt { class, message: message.into() }));
        self.heap.request_safepoint();
    }

    fn raise_interrupt(&mut self, interrupt: &Interrupt) -> Raise {
        // What a program may go on after does not count: see `terminating`.
        let is_request = matches!(interrupt.class, ExcClass::CancelledError | ExcClass::KeyboardInterrupt);
        self.fiber.interrupts_raised += u32::from(!is_request);
        Raise::new(interrupt.class, interrupt.message.as_str())
    }

    /// Whether exceptions pass all handlers: a limit was exceeded again after its exception had been swallowed.
    pub(crate) fn terminating(&self) -> bool {
        self.fiber.interrupts_raised > 1
    }

    /// Where the loop stops: collects, raises what is due, and says whether the slice is over.
    pub(crate) fn safepoint(&mut self) -> Result<Option<Exit>, Raise> {
        if self.heap.collection_due() {
            self.collect_garbage();
            if self.heap.over_limit() {
                return Err(self.out_of_memory());
            }
        }
        if let Some(interrupt) = self.fiber.interrupt.take() {
            let fuel = &mut self.heap.fuel;
            fuel.left += std::mem::take(&mut fuel.withheld);
            return Err(self.raise_interrupt(&interrupt));
        }
        let stress = self.heap.stress;
        let fuel = &mut self.heap.fuel;
        fuel.left += std::mem::take(&mut fuel.withheld);
        if fuel.left <= 0 {
            return Ok(Some(Exit::OutOfFuel));
        }
        if stress {
            fuel.withheld = fuel.left - 1;
            fuel.left = 1;
        }
        Ok(None)
    }

    /// What is raised over the memory limit. A script may handle it and go on with less; one that only goes on is ended, as
    /// nothing catches what is raised in it then.
    fn out_of_memory(&mut self) -> Raise {
        if self.heap.far_over_limit() {
            self.fiber.interrupts_raised = u32::MAX / 2;
            self.end_main(Interrupt { class: ExcClass::MemoryError, message: SmolStr::default() });
        }
        Raise::memory_error()
    }

    /// Frees what nothing refers to. Only between instructions.
    pub(crate) fn collect_garbage(&mut self) {
        self.portable.before_collection();
        if let Some(strands) = &mut self.strands {
            strands.before_collection();
            self.heap.outside = strands.fiber_bytes();
        }
        let Isolate { heap, fiber, strands, modules, shapes, classes, portable, .. } = self;
        heap.collect(|marker| {
            fiber.trace(marker);
            strands.iter().for_each(|strands| strands.trace(marker));
            modules.values().for_each(|&module| marker.gc(module));
            shapes.iter().for_each(|shape| marker.gc(shape.class));
            classes.iter().for_each(|&class| marker.gc(class));
            portable.trace(marker);
        });
    }

    /// Collects at every safepoint: a test mode that finds references the collector does not know.
    pub fn set_gc_stress(&mut self, on: bool) {
        self.heap.stress = on;
    }

    /// Bytes of heap in use.
    pub fn memory_used(&self) -> usize {
        self.heap.allocated()
    }

    /// What it was given for its contact with the world.
    pub fn host_mut(&mut self) -> &mut dyn Host {
        &mut *self.host
    }

    /// Back-edges and calls so far.
    pub fn fuel_used(&self) -> u64 {
        self.fuel_used
    }

    /// Lets Rust code use the isolate's values between slices.
    pub fn with_cx<R>(&mut self, work: impl FnOnce(&mut Cx<'_>) -> R) -> R {
        work(&mut Cx { isolate: self })
    }

    /// The error for an exception that is raised outside any frame.
    pub fn error_of(&mut self, raise: Raise) -> Error {
        let exception = self.exception_instance(raise);
        self.uncaught_error(Value::obj(exception))
    }
}

/// A script that was started, as a future: any executor can drive it.
///
/// Pending while the script waits; out of fuel, it wakes itself and lets the executor's other work run.
///
/// ```
/// use scriptling_vm::isolate::{Isolate, Limits, NoHost};
/// use scriptling_vm::library::Library;
/// use std::pin::pin;
/// use std::task::{Context, Poll, Waker};
///
/// let mut isolate = Isolate::new(Library::builder().build(), Box::new(NoHost), Limits::default());
/// let unit = isolate.compile("<example>", "total = sum(range(10))").unwrap();
/// isolate.start_main(unit).unwrap();
/// let mut running = pin!(isolate.running());
/// let done = running.as_mut().poll(&mut Context::from_waker(Waker::noop()));
/// assert!(matches!(done, Poll::Ready(Ok(_))));
/// ```
pub struct Running {
    isolate: Isolate,
}

impl Isolate {
    /// Runs what was started as a future.
    pub fn running(self) -> Running {
        Running { isolate: self }
    }
}

impl Running {
    /// The isolate again, to ask for its globals or start the next call.
    pub fn into_isolate(self) -> Isolate {
        self.isolate
    }
}

impl Future for Running {
    type Output = Result<Portable, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.isolate.run(FUTURE_FUEL, context.waker()) {
            Slice::Done(value) => Poll::Ready(Ok(value)),
            Slice::Failed(error) => Poll::Ready(Err(error)),
            Slice::Parked => Poll::Pending,
            Slice::OutOfFuel => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }
}

/// Fuel of one poll: about a millisecond, so that an executor's other tasks are not kept waiting.
const FUTURE_FUEL: u64 = 50_000;

/// Fuel of a slice when nobody else waits for the thread.
const SLICE_FUEL: u64 = 1_000_000;

#[derive(Default)]
struct WokenFlag(std::sync::atomic::AtomicBool);

impl WokenFlag {
    fn take(&self) -> bool {
        self.0.swap(false, std::sync::atomic::Ordering::AcqRel)
    }
}

impl std::task::Wake for WokenFlag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, std::sync::atomic::Ordering::Release);
    }
}

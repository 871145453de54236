//! Several fibers in one isolate: *strands* that share its objects and take turns.
//!
//! An isolate begins with one fiber, its main one, and most never have another. A native may start more
//! ([`Cx::spawn_fiber`]); they run on the same heap, one at a time, and change places only where a fiber stops anyway: at a
//! safepoint when a step's fuel is used up, when it parks, and when it ends. So what a script does between two safepoints
//! is not interrupted by the others.
//!
//! The fiber that runs is `Isolate::fiber`; the others are kept here and exchanged with it. Those that can run are queued
//! by number, in order of arrival: a parked one is put there by its waker, which also wakes the isolate. A step's fuel is
//! for one strand, so nobody starves.
//!
//! The isolate is done when its main fiber has ended and all others have too: these get `CancelledError` then, so that
//! `finally` and `with` run. The layer above learns of a strand's end through its [`FiberObserver`]; the result stays in the
//! isolate, a live object, for as long as somebody else holds the observer.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

use rustc_hash::FxHashMap;

use super::Exit;
use crate::error::{Error, ExcClass, Raise};
use crate::fiber::Fiber;
use crate::heap::Marker;
use crate::isolate::{Interrupt, Isolate};
use crate::limits;
use crate::native::Cx;
use crate::portable::Portable;
use crate::value::Value;

/// Who is told about a fiber. Called on the thread that runs the isolate.
pub trait FiberObserver: Send + Sync {
    /// It will run. `waker` makes the isolate run and look at it: for when there is an interrupt to take.
    fn started(&self, waker: Waker);

    /// It has its turn.
    fn turn_begins(&self) {}

    /// Its turn is over after so much fuel: it is parked, or has ended, or would go on.
    fn turn_ends(&self, _parked: bool, _fuel: u64) {}

    /// The function that its isolate was made for has ended before it: it gets `CancelledError`.
    fn outlives(&self) {}

    /// What shall be raised in it, if anything has been asked for since the last call.
    fn take_interrupt(&self) -> Option<(ExcClass, &'static str)>;

    /// As what it is, for those who know.
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;

    /// It has ended: the copy of its result for other isolates (an error, if it cannot be copied), or its failure.
    fn ended(self: Arc<Self>, result: Result<Result<Portable, String>, Error>);
}

/// What a fiber is doing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FiberState {
    /// It is the one that runs when its isolate does.
    Running,
    /// It waits for its turn.
    Queued,
    /// It waits for this.
    Parked(String),
}

/// The strands of an isolate that has had more than one.
pub(crate) struct Strands {
    current: Strand,
    /// The others, by number; `None` for numbers that are free, and for the current one's.
    suspended: Vec<Option<(Strand, Fiber)>>,
    free: Vec<u32>,
    ready: Arc<Ready>,
    /// How many have not ended, besides the main fiber.
    live: usize,
    /// What strands have returned or raised, by their observers' addresses.
    results: FxHashMap<usize, Kept>,
    /// What the main fiber has returned or raised.
    main_exit: Option<Result<Value, Value>>,
}

/// What is known of a fiber besides its state.
struct Strand {
    woken: Arc<Woken>,
    /// `None` for the main fiber, and for one that has ended.
    observer: Option<Arc<dyn FiberObserver>>,
}

/// A result, and who may ask for it.
struct Kept {
    observer: Arc<dyn FiberObserver>,
    result: Result<Value, Value>,
}

/// The numbers of the strands that can run.
#[derive(Default)]
struct Ready {
    queue: Mutex<VecDeque<u32>>,
    /// Wakes the isolate.
    isolate: Mutex<Option<Waker>>,
}

/// A strand's waker.
struct Woken {
    number: u32,
    /// Whether the number is in the queue.
    queued: AtomicBool,
    ready: Arc<Ready>,
}

/// Data behind these locks is changed in one step, so a panic while one was held has broken nothing.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Woken {
    /// Puts the number into the queue, unless it is there.
    fn queue(&self) {
        if !self.queued.swap(true, Ordering::AcqRel) {
            lock(&self.ready.queue).push_back(self.number);
        }
    }
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.queue();
        let isolate = lock(&self.ready.isolate).clone();
        isolate.into_iter().for_each(Waker::wake);
    }
}

impl Ready {
    fn pop(&self) -> Option<u32> {
        lock(&self.queue).pop_front()
    }

    fn is_empty(&self) -> bool {
        lock(&self.queue).is_empty()
    }

    fn set_isolate(&self, waker: &Waker) {
        let mut known = lock(&self.isolate);
        if !known.as_ref().is_some_and(|known| known.will_wake(waker)) {
            *known = Some(waker.clone());
        }
    }
}

impl Strand {
    fn new(number: u32, ready: &Arc<Ready>, observer: Option<Arc<dyn FiberObserver>>) -> Strand {
        let woken = Woken { number, queued: AtomicBool::new(false), ready: ready.clone() };
        Strand { woken: Arc::new(woken), observer }
    }

    fn is_main(&self) -> bool {
        self.woken.number == MAIN
    }
}

impl Drop for Strand {
    fn drop(&mut self) {
        // Dropped with the isolate: whoever waits for it must not wait for ever.
        if let Some(observer) = self.observer.take() {
            let class = ExcClass::CancelledError.name();
            let message = "the task was ended before it was finished";
            observer.ended(Err(Error::new(class, message.into(), format!("{class}: {message}\n"))));
        }
    }
}

/// The main fiber's number.
const MAIN: u32 = 0;

impl Strands {
    /// The strands of an isolate whose main fiber runs.
    fn new() -> Strands {
        let ready = Arc::new(Ready::default());
        Strands {
            current: Strand::new(MAIN, &ready, None),
            suspended: vec![None],
            free: Vec::new(),
            ready,
            live: 0,
            results: FxHashMap::default(),
            main_exit: None,
        }
    }

    /// The fibers that are not the current one.
    pub(crate) fn suspended(&self) -> impl Iterator<Item = &Fiber> {
        self.suspended.iter().flatten().map(|(_, fiber)| fiber)
    }

    /// Bytes that the suspended fibers own.
    pub(crate) fn fiber_bytes(&self) -> usize {
        self.suspended().map(Fiber::bytes).sum()
    }

    pub(crate) fn trace(&self, marker: &mut Marker) {
        self.suspended().for_each(|fiber| fiber.trace(marker));
        for result in self.results.values().map(|kept| kept.result).chain(self.main_exit) {
            marker.value(result.unwrap_or_else(|exception| exception));
        }
    }

    /// Forgets results that nobody can ask for any more.
    pub(crate) fn before_collection(&mut self) {
        self.results.retain(|_, kept| Arc::strong_count(&kept.observer) > 1);
    }
}

impl Isolate {
    /// Runs the fibers that can run, until the fuel is used up or none of them can.
    pub(super) fn run_fibers(&mut self, waker: &Waker) -> Exit {
        if self.strands.is_none() {
            let exit = self.run_fiber(waker);
            // That may have been the first to start another.
            let Some(strands) = &self.strands else { return exit };
            strands.ready.set_isolate(waker);
            // What it is parked on knows the isolate's waker, not its own: it looks again.
            strands.current.woken.queue();
            if let Some(exit) = self.after_turn(exit) {
                return exit;
            }
        }
        loop {
            let Some(strands) = &mut self.strands else { unreachable!("made above, and kept") };
            strands.ready.set_isolate(waker);
            let Some(number) = strands.ready.pop() else { return Exit::Parked };
            if !self.switch_to(number) {
                continue;
            }
            let Some(strands) = &mut self.strands else { unreachable!("see above") };
            let own = strands.current.woken.clone();
            own.queued.store(false, Ordering::Release);
            if let Some((class, message)) =
                strands.current.observer.as_ref().and_then(|observer| observer.take_interrupt())
            {
                self.interrupt_current(class, message);
            }
            if self.fiber.interrupt.is_some() {
                // It may have been asked for while the fiber was in the middle of its turn: it is not to park first.
                self.heap.request_safepoint();
            }
            let exit = self.run_observed(&Waker::from(own));
            if let Some(exit) = self.after_turn(exit) {
                return exit;
            }
        }
    }

    /// Gives the current fiber its turn.
    fn run_observed(&mut self, waker: &Waker) -> Exit {
        let observer = self.strands.as_ref().and_then(|strands| strands.current.observer.clone());
        let Some(observer) = observer else { return self.run_fiber(waker) };
        observer.turn_begins();
        let fuel = |isolate: &Isolate| isolate.heap.fuel.left + isolate.heap.fuel.withheld;
        let before = fuel(self);
        let exit = self.run_fiber(waker);
        let used = before.saturating_sub(fuel(self)).max(0) as u64;
        observer.turn_ends(matches!(exit, Exit::Parked), used);
        exit
    }

    /// After the current fiber has had its turn: whether the isolate's slice is over.
    fn after_turn(&mut self, exit: Exit) -> Option<Exit> {
        match exit {
            Exit::OutOfFuel => {
                self.strands.iter().for_each(|strands| strands.current.woken.queue());
                return Some(Exit::OutOfFuel);
            }
            Exit::Parked => {}
            Exit::Finished(value) => self.fiber_ended(Ok(value)),
            Exit::Uncaught(exception) => self.fiber_ended(Err(exception)),
        }
        let strands = self.strands.as_mut()?;
        if strands.live == 0
            && let Some(result) = strands.main_exit.take()
        {
            self.strands = None;
            return Some(result.map_or_else(Exit::Uncaught, Exit::Finished));
        }
        (self.heap.fuel.left <= 0 && !strands.ready.is_empty()).then_some(Exit::OutOfFuel)
    }

    /// Makes a fiber the current one; false if it has ended.
    fn switch_to(&mut self, number: u32) -> bool {
        let Some(strands) = &mut self.strands else { return false };
        if strands.current.woken.number == number {
            return !self.fiber.frames.is_empty();
        }
        let Some((strand, fiber)) = strands.suspended.get_mut(number as usize).and_then(Option::take) else {
            return false;
        };
        let left = std::mem::replace(&mut strands.current, strand);
        let left_fiber = std::mem::replace(&mut self.fiber, fiber);
        let place = left.woken.number;
        if left_fiber.frames.is_empty() {
            // It has ended. The main fiber's number is not given to another.
            if place != MAIN {
                strands.free.push(place);
            }
        } else {
            strands.suspended[place as usize] = Some((left, left_fiber));
        }
        true
    }

    /// The current fiber has returned or raised.
    fn fiber_ended(&mut self, result: Result<Value, Value>) {
        self.fiber = Fiber::new();
        let Some(strands) = &mut self.strands else { return };
        if strands.current.is_main() {
            strands.main_exit = Some(result);
            self.cancel_strands();
            return;
        }
        let Some(observer) = strands.current.observer.take() else { return };
        strands.live -= 1;
        strands.results.insert(address(&*observer), Kept { observer: observer.clone(), result });
        let outcome = match result {
            Ok(value) => Ok(Portable::from_value(&mut Cx { isolate: self }, value).map_err(|raise| {
                let exception = self.exception_instance(raise);
                self.exception_text(Value::obj(exception))
            })),
            Err(exception) => {
                // Asking for the text may run script code; the others' fuel is not for that.
                let fuel = (self.heap.fuel.left, self.heap.fuel.withheld);
                let error = self.uncaught_error(exception);
                (self.heap.fuel.left, self.heap.fuel.withheld) = fuel;
                Err(error)
            }
        };
        observer.ended(outcome);
    }

    /// Raises `CancelledError` in all fibers but the current one, which is the main one.
    fn cancel_strands(&mut self) {
        let Some(strands) = &mut self.strands else { return };
        for (strand, fiber) in strands.suspended.iter_mut().flatten() {
            let message = "the task that it belongs to has ended".into();
            fiber.interrupt = Some(Box::new(Interrupt { class: ExcClass::CancelledError, message }));
            strand.woken.queue();
            strand.observer.iter().for_each(|observer| observer.outlives());
        }
    }

    /// Asks for an exception in the main fiber.
    pub(super) fn interrupt_main(&mut self, interrupt: Box<Interrupt>) {
        let Some(strands) = &mut self.strands else {
            self.fiber.interrupt = Some(interrupt);
            return;
        };
        if strands.current.is_main() {
            self.fiber.interrupt = Some(interrupt);
            strands.current.woken.queue();
        } else if let Some((strand, fiber)) = &mut strands.suspended[MAIN as usize] {
            fiber.interrupt = Some(interrupt);
            strand.woken.queue();
        }
    }

    /// Raises in the main fiber, if another one is running, what nothing there catches.
    pub(super) fn end_main(&mut self, interrupt: Interrupt) {
        let Some(strands) = &mut self.strands else { return };
        if let Some((strand, fiber)) = &mut strands.suspended[MAIN as usize] {
            fiber.interrupts_raised = u32::MAX / 2;
            fiber.interrupt = Some(Box::new(interrupt));
            strand.woken.queue();
        }
    }

    /// The fibers that have not ended.
    fn fibers(&self) -> impl Iterator<Item = &Fiber> {
        let suspended = self.strands.iter().flat_map(|strands| strands.suspended());
        std::iter::once(&self.fiber).chain(suspended).filter(|fiber| !fiber.frames.is_empty())
    }

    /// What its fibers are parked on, in words; `None` if none is.
    pub fn waiting_on(&self) -> Option<String> {
        let texts: Vec<String> = self.fibers().filter_map(|fiber| Some(fiber.waiting.as_ref()?.describe())).collect();
        if texts.is_empty() { None } else { Some(texts.join("; ")) }
    }

    /// What the fiber of an observer is doing, or the main one without; `None` if there is no such fiber, or no more.
    pub fn fiber_state(&self, observer: Option<&dyn FiberObserver>) -> Option<FiberState> {
        let state = |fiber: &Fiber, woken: bool, otherwise| match &fiber.waiting {
            _ if fiber.frames.is_empty() => None,
            Some(_) if woken => Some(FiberState::Queued),
            Some(wait) => Some(FiberState::Parked(wait.describe())),
            None => Some(otherwise),
        };
        let Some(strands) = &self.strands else {
            return if observer.is_none() { state(&self.fiber, false, FiberState::Running) } else { None };
        };
        let is_it = |strand: &Strand| match (observer, &strand.observer) {
            (Some(wanted), Some(known)) => address(wanted) == address(&**known),
            (None, _) => strand.is_main(),
            (Some(_), None) => false,
        };
        let is_woken = |strand: &Strand| strand.woken.queued.load(Ordering::Acquire);
        if is_it(&strands.current) {
            return state(&self.fiber, is_woken(&strands.current), FiberState::Running);
        }
        let (strand, fiber) = strands.suspended.iter().flatten().find(|(strand, _)| is_it(strand))?;
        state(fiber, is_woken(strand), FiberState::Queued)
    }

    /// Whether all its fibers are parked on something that only another task can do.
    pub fn waits_for_tasks(&self) -> bool {
        self.fibers().all(|fiber| fiber.waiting.as_ref().is_some_and(|wait| wait.only_tasks()))
    }

    /// Where its fibers stand: the lines of a traceback, without a heading, one fiber after the other.
    pub fn stack_text(&self) -> String {
        self.fibers().map(|fiber| self.stack_of(fiber)).collect()
    }

    fn interrupt_current(&mut self, class: ExcClass, message: &str) {
        self.fiber.interrupt = Some(Box::new(Interrupt { class, message: message.into() }));
    }
}

fn address(observer: &dyn FiberObserver) -> usize {
    std::ptr::from_ref(observer).addr()
}

impl Cx<'_> {
    /// Starts a call as a fiber of its own, on the same objects: `callee(*args, **keywords)`. It runs when this fiber stops.
    ///
    /// # Errors
    /// `RuntimeError` if there are too many; whatever the call raises before it has a frame.
    pub fn spawn_fiber(
        &mut self,
        callee: Value,
        args: &[Value],
        keywords: Vec<(Value, Value)>,
        observer: Arc<dyn FiberObserver>,
    ) -> Result<(), Raise> {
        let isolate = &mut *self.isolate;
        let count = isolate.strands.as_ref().map_or(0, |strands| strands.live);
        if count >= limits::MAX_FIBERS {
            let message = format!("more than {} fibers in one task", limits::MAX_FIBERS);
            return Err(Raise::new(ExcClass::RuntimeError, message));
        }
        let own = std::mem::replace(&mut isolate.fiber, Fiber::new());
        let prepared = isolate.prepare_start(callee, args, keywords);
        let fiber = std::mem::replace(&mut isolate.fiber, own);
        prepared?;
        isolate.heap.charge(fiber.bytes());
        let strands = isolate.strands.get_or_insert_with(|| Box::new(Strands::new()));
        let number = strands.free.pop().unwrap_or(strands.suspended.len() as u32);
        let strand = Strand::new(number, &strands.ready, Some(observer.clone()));
        let woken = strand.woken.clone();
        match strands.suspended.get_mut(number as usize) {
            Some(place) => *place = Some((strand, fiber)),
            None => strands.suspended.push(Some((strand, fiber))),
        }
        strands.live += 1;
        woken.queue();
        observer.started(Waker::from(woken));
        Ok(())
    }

    /// What the fiber of an observer is doing, or the main one without: see [`Isolate::fiber_state`].
    pub fn fiber_state(&self, observer: Option<&dyn FiberObserver>) -> Option<FiberState> {
        self.isolate.fiber_state(observer)
    }

    /// Who observes the fiber that runs; `None` in the main one.
    pub fn current_fiber(&self) -> Option<&Arc<dyn FiberObserver>> {
        self.isolate.strands.as_ref()?.current.observer.as_ref()
    }

    /// What the fiber of an observer has returned or raised, if it is one of this isolate's and has ended.
    pub fn fiber_result(&self, observer: &dyn FiberObserver) -> Option<Result<Value, Raise>> {
        let kept = self.isolate.strands.as_ref()?.results.get(&address(observer))?;
        Some(kept.result.map_err(Raise::instance))
    }
}

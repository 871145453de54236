//! `Isolate`: a private heap, globals, modules and fibers; what is moved between threads and shares nothing mutable.

use std::any::Any;
use std::sync::Arc;

use indexmap::IndexMap;
use smol_str::SmolStr;

use crate::code::Unit;
use crate::error::{Error, ExcClass};
use crate::fiber::Fiber;
use crate::heap::instance::{Shape, ShapeId};
use crate::heap::{Class, Gc, Heap, Module};
use crate::library::Library;
use crate::limits;
use crate::portable::{Portable, PortableState};
use crate::run::cache::CacheTables;
use crate::run::strands::Strands;

/// Where text goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stream {
    /// `print`, `sys.stdout`
    Out,
    /// `sys.stderr`
    Err,
}

/// The source text of a script module.
pub struct ModuleSource {
    /// The file's name for tracebacks and `__file__`.
    pub file: SmolStr,
    /// Its text.
    pub text: String,
    /// Whether it is a package (`__init__`).
    pub is_package: bool,
}

/// What an embedder provides to one isolate. Everything is denied unless implemented.
pub trait Host: Send {
    /// Writes text, one call per `print`: lines of parallel tasks are not torn.
    fn write(&mut self, stream: Stream, text: &str) {
        let _ = (stream, text);
    }

    /// Flushes output.
    fn flush(&mut self, stream: Stream) {
        let _ = stream;
    }

    /// Finds a script module by its dotted name. `Err` is a failure to read one that exists.
    fn find_module(&mut self, name: &str) -> Result<Option<ModuleSource>, String> {
        let _ = name;
        Ok(None)
    }

    /// A compiled unit for a module, if the host caches them (tasks of one program share code).
    fn cached_unit(&mut self, name: &str) -> Option<Arc<Unit>> {
        let _ = name;
        None
    }

    /// Offers a freshly compiled unit to the cache.
    fn cache_unit(&mut self, name: &str, unit: &Arc<Unit>) {
        let _ = (name, unit);
    }

    /// The layer above's own state for its natives (the runtime's scheduler, stores, ...).
    fn extension(&mut self) -> Option<&mut (dyn Any + Send)> {
        None
    }
}

/// A host that provides nothing.
pub struct NoHost;

impl Host for NoHost {}

/// What one isolate may use. All finite by default.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of heap.
    pub memory: usize,
    /// Script frames on a fiber.
    pub call_depth: usize,
    /// Back-edges and calls in total; `u64::MAX`: bounded by the host's clock instead.
    pub fuel: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { memory: limits::DEFAULT_MEMORY, call_depth: limits::DEFAULT_CALL_DEPTH, fuel: u64::MAX }
    }
}

/// Why a slice ended.
#[derive(Debug)]
pub enum Slice {
    /// The script is finished.
    Done(Portable),
    /// It used up its fuel and wants to go on.
    OutOfFuel,
    /// It waits; the waker will be called.
    Parked,
    /// It ended with an uncaught exception.
    Failed(Error),
}

/// A private heap, globals, modules and fibers.
///
/// It moves between threads, but two threads cannot have it at once:
///
/// ```
/// fn moves<T: Send>() {}
/// moves::<scriptling_vm::isolate::Isolate>();
/// ```
/// ```compile_fail,E0277
/// fn is_shared<T: Sync>() {}
/// is_shared::<scriptling_vm::isolate::Isolate>();
/// ```
pub struct Isolate {
    /// Inline caches. Before the owners of code objects (units, library), which dropping them reads.
    pub(crate) caches: CacheTables,
    pub(crate) heap: Heap,
    pub(crate) library: Arc<Library>,
    /// The fiber that runs, or ran last.
    pub(crate) fiber: Fiber,
    pub(crate) modules: IndexMap<SmolStr, Gc<Module>, foldhash::fast::FixedState>,
    pub(crate) shapes: Vec<Shape>,
    /// Root shapes of frozen classes, which cannot hold them themselves; a handful.
    pub(crate) frozen_roots: Option<Box<FrozenRoots>>,
    pub(crate) units: Vec<Arc<Unit>>,
    pub(crate) host: Box<dyn Host>,
    pub(crate) limits: Limits,
    /// Images and identities of what crosses; traced with the roots, told before each collection.
    pub(crate) portable: PortableState,
    /// Script classes, kept alive for the inline caches.
    pub(crate) classes: Vec<Gc<Class>>,
    /// Its fibers, if it has ever had more than one at a time.
    pub(crate) strands: Option<Box<Strands>>,
    pub(crate) fuel_used: u64,
    /// Whether `FuelExhausted` has been raised.
    pub(crate) fuel_exhausted: bool,
}

/// See [`Isolate::frozen_roots`]. (In a box, because small tasks have none.)
#[derive(Default)]
pub(crate) struct FrozenRoots(pub(crate) Vec<(Gc<Class>, ShapeId)>);

/// An exception that shall be raised in a fiber at its next safepoint.
#[derive(Debug)]
pub(crate) struct Interrupt {
    pub(crate) class: ExcClass,
    pub(crate) message: SmolStr,
}

#[expect(unsafe_code, reason = "an isolate moves between threads as a whole")]
// SAFETY: all values of an isolate point into its own heap or into frozen heaps it owns a share of, so moving the isolate
// moves every reference with it; nothing outside holds one (`Value` and `Gc` are `!Send`, natives keep `Send` data only,
// `Host` is `Send`). Only the one owner can run it (`&mut self`).
unsafe impl Send for Isolate {}

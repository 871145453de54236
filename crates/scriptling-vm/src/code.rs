//! Compiled code: immutable, `Send + Sync`, shared by all isolates.
//!
//! A [`Unit`] is what one source text compiles to: its code objects (the module body first), and a frozen heap with their
//! constants and names. Isolates that run it hold the `Arc`; a [`CodeRef`] is a plain pointer into a unit that the
//! isolate keeps alive. Everything mutable (inline caches, globals) is in the isolate.
#![expect(unsafe_code, reason = "CodeRef points into a unit; constants are frozen values shared between threads")]

use std::ptr::NonNull;
use std::sync::Arc;

use scriptling_syntax::{Source, Span};
use smol_str::SmolStr;

use crate::heap::FrozenHeap;
use crate::heap::module::GlobalNames;
use crate::value::Value;

/// What one source text compiles to.
pub struct Unit {
    /// The text, for tracebacks.
    pub source: Arc<Source>,
    /// The code objects; 0 is the module body.
    pub codes: Box<[Code]>,
    /// Global names that the code's slots refer to (a prefix may come from earlier units of the same module).
    pub global_names: Arc<GlobalNames>,
    /// For each global slot, the builtin of that name, if there is one (an index into the builtins table).
    pub global_builtins: Box<[Option<u16>]>,
    /// Owner of the constants.
    pub frozen: FrozenHeap,
}

// SAFETY: immutable after construction; all values in it are inline or belong to `frozen`.
unsafe impl Send for Unit {}
// SAFETY: as above.
unsafe impl Sync for Unit {}

/// A name that code uses: text, and the frozen string value with its hash computed.
#[derive(Clone)]
pub struct Name {
    /// The text.
    pub text: SmolStr,
    /// The text as a script value.
    pub value: Value,
    /// The hash of the text.
    pub hash: u64,
}

/// What sort of source construct a code object comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeKind {
    /// A module body.
    Module,
    /// `def` or `lambda`.
    Function,
    /// The body of a `class`; local 0 is the namespace dict.
    Class,
    /// A comprehension or generator expression; local 0 is the outermost iterator.
    Comprehension,
}

/// Parameters of a function, in local-slot order: positional (positional-only first), keyword-only, `*args`, `**kwargs`.
#[derive(Clone, Debug, Default)]
pub struct Params {
    /// How many take positional arguments.
    pub positional: u32,
    /// How many of those are positional-only.
    pub positional_only: u32,
    /// How many are keyword-only; their slots follow the positional ones.
    pub keyword_only: u32,
    /// Whether there is `*args`; its slot follows the keyword-only ones.
    pub star: bool,
    /// Whether there is `**kwargs`; its slot is the last.
    pub star_star: bool,
}

impl Params {
    /// Slots that arguments occupy.
    pub fn slots(&self) -> u32 {
        self.positional + self.keyword_only + u32::from(self.star) + u32::from(self.star_star)
    }

    /// The number of positional arguments with which a call needs no binding at all, or `u32::MAX` if every call needs some
    /// (what [`Code::fast_args`] holds).
    pub fn fast_args(&self, is_generator: bool) -> u32 {
        if self.keyword_only == 0 && !self.star && !self.star_star && !is_generator {
            self.positional
        } else {
            u32::MAX
        }
    }
}

/// An exception handler: covers instructions `start..end`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Handler {
    /// First word covered.
    pub start: u32,
    /// First word not covered any more.
    pub end: u32,
    /// Where control goes, with the exception pushed.
    pub target: u32,
    /// Operand stack depth (above the locals) that is kept.
    pub depth: u32,
}

/// Where an instruction comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SpanEntry {
    /// First word that this entry describes; entries are sorted.
    pub start: u32,
    /// The whole expression or statement.
    pub span: Span,
    /// The operator, subscript or call part within it that CPython marks with `^`; the rest gets `~`.
    pub anchor: Option<Span>,
}

/// One function's (or module's, or class body's) code.
pub struct Code {
    /// `__name__`; `<module>`, `<lambda>`, `<listcomp>`, ...
    pub name: Name,
    /// `__qualname__`.
    pub qualname: Name,
    /// What it comes from.
    pub kind: CodeKind,
    /// The instruction words.
    pub ops: Box<[u32]>,
    /// Constants: inline or frozen.
    pub consts: Box<[Value]>,
    /// Names.
    pub names: Box<[Name]>,
    /// For each cache site, the index of the attribute's name.
    pub cache_sites: Box<[u32]>,
    /// Handlers, innermost first.
    pub handlers: Box<[Handler]>,
    /// Source positions.
    pub spans: Box<[SpanEntry]>,
    /// Parameters.
    pub params: Params,
    /// Names of all local slots, parameters first.
    pub locals: Box<[Name]>,
    /// Names of captured variables.
    pub free: Box<[Name]>,
    /// Most operands on the stack above the locals.
    pub max_stack: u32,
    /// Whether calling it makes a generator.
    pub is_generator: bool,
    /// The number of positional arguments with which a call needs no binding: [`Params::fast_args`].
    pub fast_args: u32,
    /// The number of local slots: `locals.len()`.
    pub local_count: u32,
    /// The number of local slots that are not parameters' (those of `params.slots()`), at hand for calls.
    pub extra_locals: u32,
    /// Slots a frame needs: locals and operands.
    pub frame_size: u32,
    /// Its docstring (a frozen string), or `None`.
    pub doc: Value,
    /// Class bodies: distinct `self.name = ...` targets in the methods.
    pub slot_hint: u32,
    /// Its index in the unit.
    pub index: u32,
    /// The line of `def`, for messages.
    pub first_line: u32,
}

impl Code {
    /// Where the instruction at word `ip` comes from.
    pub fn span_at(&self, ip: u32) -> Option<SpanEntry> {
        let after = self.spans.partition_point(|entry| entry.start <= ip);
        after.checked_sub(1).map(|at| self.spans[at])
    }

    /// The innermost handler that covers word `ip`.
    pub fn handler_at(&self, ip: u32) -> Option<Handler> {
        self.handlers.iter().copied().find(|handler| handler.start <= ip && ip < handler.end)
    }
}

/// A reference to a code object of a unit that the isolate keeps alive.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CodeRef(NonNull<Code>);

impl CodeRef {
    /// Refers to code `index` of `unit`. The caller's isolate must keep the unit for as long as it lives.
    pub(crate) fn new(unit: &Arc<Unit>, index: usize) -> CodeRef {
        CodeRef(NonNull::from(&unit.codes[index]))
    }

    /// The code.
    #[inline(always)]
    pub fn get<'a>(self) -> &'a Code {
        // SAFETY: code objects are immutable and their unit is owned by the isolate (or by a frozen heap's owner) that this
        // reference never leaves.
        unsafe { self.0.as_ref() }
    }

    /// The address, for the run loop.
    #[inline(always)]
    pub(crate) fn as_ptr(self) -> *const Code {
        self.0.as_ptr()
    }
}

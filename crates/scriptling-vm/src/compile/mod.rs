//! From syntax tree to code.
//!
//! [`compile`] takes a checked tree (the syntax crate reported no error) and returns a [`Unit`]. `scope` says what every
//! name means, then the tree is walked once and code emitted: `emit` owns jumps, stack depth, spans and tables; the other
//! files only say what to emit: `stmt`, `assign`, `try_`, `pattern` for statements, `expr`, `condition`, `call`,
//! `comprehend` for expressions, `function` and `class` for what has code of its own.
//!
//! Superinstructions are chosen on the tree, best first, rather than by looking back at emitted words: a greedy peephole
//! would take `LoadLocal2` and miss the compare-and-jump. (`LoadLocal2` itself is the one peephole, being the last choice.)
//!
//! Order of evaluation is CPython's everywhere. What the compiler refuses is a spanned [`CompileError`]; it never panics
//! on a tree that the parser made. Recursion follows the tree, whose depth the parser bounds.

mod assign;
mod call;
mod class;
mod comprehend;
mod condition;
mod constant;
mod emit;
mod expr;
mod function;
mod inline;
mod pattern;
mod scope;
mod stmt;
mod try_;
mod walk;

use std::sync::Arc;

use scriptling_syntax::ast::{Module, Name};
use scriptling_syntax::{Source, Span};

use crate::code::{Code, CodeKind, Params, Unit};
use crate::heap::FrozenHeap;
use crate::heap::module::GlobalNames;
use crate::op::Op;
use crate::value::Value;
use constant::{Const, Constants};
use emit::Emitter;
use scope::{Binding, Scope, Scopes};
use try_::Block;

/// What compiling depends on besides the text.
pub struct CompileOptions<'a> {
    /// Resolves builtin names to their positions in the library.
    pub library_builtins: &'a dyn Fn(&str) -> Option<u16>,
    /// Global names of the module so far, when it is compiled in several units (REPL): they keep their slots.
    pub existing_names: Option<Arc<GlobalNames>>,
    /// The module body returns the value of its last statement if that is an expression (REPL, `eval`).
    pub return_last: bool,
    /// There is a safepoint before everything that other tasks may notice: see [`LibraryBuilder::pauses`].
    ///
    /// [`LibraryBuilder::pauses`]: crate::library::LibraryBuilder::pauses
    pub pauses: bool,
}

impl Default for CompileOptions<'_> {
    fn default() -> Self {
        CompileOptions { library_builtins: &|_| None, existing_names: None, return_last: false, pauses: false }
    }
}

/// What the compiler does not accept, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CompileError {
    /// The message, without class name or position.
    pub message: String,
    /// The text at fault.
    pub span: Span,
}

/// Compiles a checked tree.
pub fn compile(source: Arc<Source>, module: &Module, options: &CompileOptions<'_>) -> Result<Unit, Vec<CompileError>> {
    let mut compiler = Compiler::new(source, module, options);
    match compiler.module(module, options.return_last) {
        Ok(()) => compiler.finish(options),
        Err(Stop) => Err(compiler.errors),
    }
}

/// An error is noted in the compiler; there is nothing more to say (and results of statements stay one byte).
struct Stop;

type Done = Result<(), Stop>;

/// Words in all code objects of a unit. `finally` bodies are compiled once per way out of their `try`, so nesting them
/// multiplies; this ends it. A program of 100,000 lines has a fifth of it.
const MAX_UNIT_WORDS: usize = 1 << 22;

/// What a code object counts besides its words.
const CODE_WORDS: usize = 64;

/// CPython's `CO_MAXBLOCKS`.
const MAX_NESTED_BLOCKS: u32 = 20;

/// The code object that is being emitted.
struct State<'a> {
    emit: Emitter,
    kind: CodeKind,
    /// The scope whose frame it is.
    scope: usize,
    /// The scope in which names are looked up: that of an inlined comprehension while it is compiled.
    names: usize,
    index: usize,
    name: Name,
    qualname: Name,
    first_line: u32,
    params: Params,
    doc: Value,
    /// What surrounds the current statement, outermost first.
    blocks: Vec<Block<'a>>,
    nested_blocks: u32,
    /// Hidden locals behind the scope's: how many there are, and which are free again.
    hidden: u32,
    free_hidden: Vec<u32>,
}

struct Compiler<'a> {
    source: Arc<Source>,
    scopes: Scopes,
    constants: Constants,
    globals: GlobalNames,
    state: State<'a>,
    outer: Vec<State<'a>>,
    codes: Vec<Option<Code>>,
    errors: Vec<CompileError>,
    words: usize,
    /// `from __future__ import annotations`
    text_annotations: bool,
}

/// Setting up and handing over.
impl<'a> Compiler<'a> {
    fn new(source: Arc<Source>, module: &Module, options: &CompileOptions<'_>) -> Compiler<'a> {
        let mut state =
            State::new(CodeKind::Module, 0, 0, Name::new_static("<module>"), Name::new_static("<module>"), 1);
        state.emit.pauses = options.pauses;
        Compiler {
            source,
            scopes: Scopes::analyse(module),
            constants: Constants::new(),
            globals: options.existing_names.as_deref().cloned().unwrap_or_default(),
            state,
            outer: Vec::new(),
            codes: vec![None],
            errors: Vec::new(),
            words: 0,
            text_annotations: false,
        }
    }

    fn module(&mut self, module: &'a Module, return_last: bool) -> Done {
        let (docstring, body) = stmt::split_docstring(&module.body, return_last);
        if let Some(text) = docstring {
            self.state.doc = self.constants.value(&Const::text(text));
        }
        self.text_annotations = stmt::has_future_annotations(body);
        match body.split_last() {
            Some((last, rest)) if return_last => {
                self.stmts(rest)?;
                self.last_stmt(last)?;
            }
            _ => self.stmts(body)?,
        }
        self.return_none();
        let code = self.finish_code()?;
        self.codes[0] = Some(code);
        Ok(())
    }

    fn finish(mut self, options: &CompileOptions<'_>) -> Result<Unit, Vec<CompileError>> {
        // Every module has these, set when it is made: a numbering without them would be copied to add them.
        for name in ["__name__", "__file__", "__doc__"] {
            if !self.globals.contains_key(name) {
                self.globals.insert(smol_str::SmolStr::new_static(name), ());
            }
        }
        let builtins = self.globals.keys().map(|name| (options.library_builtins)(name)).collect();
        let codes: Option<Vec<Code>> = self.codes.into_iter().collect();
        let unit = Unit {
            source: self.source,
            codes: codes.expect("every code object that was begun is finished").into(),
            global_names: Arc::new(self.globals),
            global_builtins: builtins,
            frozen: FrozenHeap::new(self.constants.into_heap()),
        };
        match crate::verify::verify(&unit) {
            Ok(()) => Ok(unit),
            Err(error) => {
                debug_assert!(false, "{error}\n{}", crate::disasm::disassemble(&unit));
                Err(vec![CompileError { message: format!("internal error: {error}"), span: Span::default() }])
            }
        }
    }

    /// Begins a code object inside the current one; returns its index.
    fn begin_code(&mut self, kind: CodeKind, scope: usize, name: Name, qualname: Name, span: Span) -> usize {
        let index = self.codes.len();
        self.codes.push(None);
        let mut state = State::new(kind, scope, index, name, qualname, self.source.line(span.start));
        state.emit.pauses = self.state.emit.pauses;
        self.outer.push(std::mem::replace(&mut self.state, state));
        let scope = &self.scopes.scopes[scope];
        for (name, symbol) in scope.symbols() {
            if let (true, Binding::Local(slot)) = (symbol.unbindable, scope.binding(name)) {
                self.state.emit.mark_unbindable(slot);
            }
        }
        index
    }

    /// Marks the parameters as bound and makes the cells: what each code object begins with.
    fn prologue(&mut self, params: Params) {
        for slot in 0..params.slots() {
            self.state.emit.mark_bound(slot);
        }
        self.state.params = params;
        let scope = &self.scopes.scopes[self.state.scope];
        for (slot, name) in scope.locals.iter().enumerate() {
            if scope.cells.contains(name) {
                self.state.emit.op_ax(Op::MakeCell, slot as u32);
            }
        }
    }

    /// Ends the current code object and goes on with the one around it.
    fn end_code(&mut self) -> Done {
        let code = self.finish_code()?;
        let index = self.state.index;
        self.codes[index] = Some(code);
        self.state = self.outer.pop().expect("begin_code pushed it");
        Ok(())
    }

    fn finish_code(&mut self) -> Result<Code, Stop> {
        let state = &mut self.state;
        let emitted = std::mem::take(&mut state.emit).finish();
        self.words += emitted.ops.len() + CODE_WORDS;
        let frame = &self.scopes.scopes[state.scope];
        let locals = frame.locals.iter().chain(&frame.inline_locals).cloned();
        let hidden = (0..state.hidden).map(|index| Name::from(format!(".{}", index + 1)));
        let constants = &mut self.constants;
        let locals: Box<[_]> = locals.chain(hidden).map(|name| constants.name(&name)).collect();
        let code = Code {
            name: constants.name(&state.name),
            qualname: constants.name(&state.qualname),
            kind: state.kind,
            ops: emitted.ops,
            consts: emitted.consts,
            names: emitted.names.iter().map(|name| constants.name(name)).collect(),
            cache_sites: emitted.cache_sites,
            handlers: emitted.handlers,
            spans: emitted.spans,
            params: state.params.clone(),
            local_count: locals.len() as u32,
            extra_locals: locals.len() as u32 - state.params.slots(),
            frame_size: locals.len() as u32 + emitted.max_stack,
            locals,
            free: self.scopes.scopes[state.scope].free.iter().map(|name| constants.name(name)).collect(),
            max_stack: emitted.max_stack,
            is_generator: self.scopes.scopes[state.scope].is_generator,
            fast_args: state.params.fast_args(self.scopes.scopes[state.scope].is_generator),
            doc: state.doc,
            slot_hint: self.scopes.scopes[state.scope].receiver_attributes.len() as u32,
            index: state.index as u32,
            first_line: state.first_line,
        };
        if emitted.too_large || self.words > MAX_UNIT_WORDS {
            return self.too_large(Span::default());
        }
        Ok(code)
    }
}

/// What all parts of the compiler use.
impl Compiler<'_> {
    fn error<T>(&mut self, message: impl Into<String>, span: Span) -> Result<T, Stop> {
        self.errors.push(CompileError { message: message.into(), span });
        Err(Stop)
    }

    fn unsupported<T>(&mut self, what: &str, span: Span) -> Result<T, Stop> {
        self.error(format!("{what} not supported yet"), span)
    }

    fn too_large<T>(&mut self, span: Span) -> Result<T, Stop> {
        self.error("code too large", span)
    }

    fn scope(&self) -> &Scope {
        &self.scopes.scopes[self.state.names]
    }

    fn mangle(&self, name: &Name) -> Name {
        self.scope().mangle(name)
    }

    fn op(&mut self, op: Op) {
        self.state.emit.op(op);
    }

    fn constant(&mut self, constant: &Const) {
        match constant {
            Const::Int(value) if (-(1 << 23)..1 << 23).contains(value) => self.state.emit.load_small_int(*value as i32),
            _ => {
                let value = self.constants.value(constant);
                self.state.emit.load_const(value);
            }
        }
    }

    fn text(&mut self, text: &Name) {
        let value = self.constants.name(text).value;
        self.state.emit.load_const(value);
    }

    /// Pushes a tuple of strings.
    fn text_tuple<'n>(&mut self, names: impl Iterator<Item = &'n Name>) {
        let constant = Const::Tuple(names.map(|name| Const::text(name.as_str())).collect());
        self.constant(&constant);
    }

    fn return_none(&mut self) {
        self.op(Op::LoadNone);
        self.op(Op::Return);
    }

    /// The slot of a global name.
    fn global(&mut self, name: &Name) -> u32 {
        match self.globals.get_index_of(name) {
            Some(slot) => slot as u32,
            None => self.globals.insert_full(name.clone(), ()).0 as u32,
        }
    }

    /// A hidden local, to be given back with [`Compiler::release`].
    fn hidden_local(&mut self) -> u32 {
        if let Some(slot) = self.state.free_hidden.pop() {
            return slot;
        }
        self.state.hidden += 1;
        let frame = &self.scopes.scopes[self.state.scope];
        (frame.locals.len() + frame.inline_locals.len()) as u32 + self.state.hidden - 1
    }

    fn release(&mut self, slot: u32) {
        self.state.free_hidden.push(slot);
    }

    /// The qualified name of what is defined here.
    fn qualname(&self, name: &Name) -> Name {
        match self.state.kind {
            CodeKind::Module => name.clone(),
            CodeKind::Class => Name::from(format!("{}.{name}", self.state.qualname)),
            CodeKind::Function | CodeKind::Comprehension => {
                Name::from(format!("{}.<locals>.{name}", self.state.qualname))
            }
        }
    }
}

impl State<'_> {
    fn new(kind: CodeKind, scope: usize, index: usize, name: Name, qualname: Name, first_line: u32) -> Self {
        State {
            emit: Emitter::default(),
            kind,
            scope,
            names: scope,
            index,
            name,
            qualname,
            first_line,
            params: Params::default(),
            doc: Value::NONE,
            blocks: Vec::new(),
            nested_blocks: 0,
            hidden: 0,
            free_hidden: Vec::new(),
        }
    }
}

//! Scope analysis: which variable each name means, before any code is emitted.
//!
//! One walk over the tree makes a [`Scope`] per module, function, class and comprehension and notes what each does with
//! which names; a second step resolves the names outwards and numbers slots. Scopes are found again by the address of
//! their node, because a `finally` body is compiled several times. Errors (conflicting `global`, `nonlocal` without a
//! binding, ...) are the syntax crate's; what it accepted resolves here without complaint.
//!
//! List, set and dict comprehensions have a scope but no frame where that cannot be noticed: they run in the frame around
//! them (`inlined`), where their variables have slots of their own (`inline`).

use indexmap::{IndexMap, IndexSet};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use scriptling_syntax::ast::Name;

/// What has a namespace of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ScopeKind {
    Module,
    Function,
    Class,
    Comprehension,
}

/// What a name means in a scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Binding {
    /// A local slot.
    Local(u32),
    /// A local slot that holds a cell.
    Cell(u32),
    /// A captured variable.
    Free(u32),
    /// A global or builtin.
    Global,
    /// A name in a class body: its namespace, else global.
    Name,
    /// A name in a class body: its namespace, else a captured variable.
    NameOrFree(u32),
}

/// What a scope does with a name.
#[derive(Clone, Copy, Default, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each noted by one kind of statement")]
pub(super) struct Symbol {
    pub(super) bound: bool,
    pub(super) global: bool,
    pub(super) nonlocal: bool,
    /// `del name` or `except ... as name`: may become unbound again.
    pub(super) unbindable: bool,
    /// Target of `:=`: may change in the middle of an expression.
    pub(super) walrus: bool,
    pub(super) binding: Option<Binding>,
}

/// One namespace.
pub(super) struct Scope {
    pub(super) kind: ScopeKind,
    pub(super) parent: Option<usize>,
    /// The innermost class's name, for `__private` names.
    pub(super) private: Option<Name>,
    pub(super) symbols: IndexMap<Name, Symbol, FxBuildHasher>,
    /// Names of the slots.
    pub(super) locals: IndexSet<Name, FxBuildHasher>,
    /// The locals that inner scopes capture.
    pub(super) cells: IndexSet<Name, FxBuildHasher>,
    /// What it captures itself, or passes on to inner scopes.
    pub(super) free: IndexSet<Name, FxBuildHasher>,
    pub(super) is_generator: bool,
    /// Class: its body contains annotations. Module: likewise.
    pub(super) has_annotations: bool,
    /// Functions in a class body: the first parameter.
    pub(super) receiver: Option<Name>,
    /// Classes: attributes that methods assign on their receiver.
    pub(super) receiver_attributes: FxHashSet<Name>,
    /// Comprehensions: it has no frame; its variables are slots of the frame around it.
    pub(super) inlined: bool,
    /// Names of the slots, behind the locals, that inlined comprehensions have in this frame.
    pub(super) inline_locals: Vec<Name>,
    /// Inlined comprehensions: the slots of their variables.
    pub(super) inline_slots: Vec<u32>,
}

/// The name under which the namespace of a class body is in local 0.
const NAMESPACE: Name = Name::new_static(".namespace");
/// The name of the outermost iterator, local 0 of a comprehension.
pub(super) const OUTERMOST: Name = Name::new_static(".0");
/// The implicit variable behind zero-argument `super()`.
pub(super) const CLASS_CELL: Name = Name::new_static("__class__");

impl Scope {
    fn new(kind: ScopeKind, parent: Option<usize>, private: Option<Name>) -> Scope {
        Scope {
            kind,
            parent,
            private,
            symbols: IndexMap::default(),
            locals: IndexSet::default(),
            cells: IndexSet::default(),
            free: IndexSet::default(),
            is_generator: false,
            has_annotations: false,
            receiver: None,
            receiver_attributes: FxHashSet::default(),
            inlined: false,
            inline_locals: Vec::new(),
            inline_slots: Vec::new(),
        }
    }

    /// What a (mangled) name means here.
    pub(super) fn binding(&self, name: &Name) -> Binding {
        self.symbols.get(name).and_then(|symbol| symbol.binding).unwrap_or(Binding::Global)
    }

    /// What the scope does with a (mangled) name.
    pub(super) fn symbol(&self, name: &Name) -> Symbol {
        self.symbols.get(name).copied().unwrap_or_default()
    }

    /// All names with what is done with them.
    pub(super) fn symbols(&self) -> impl Iterator<Item = (&Name, &Symbol)> {
        self.symbols.iter()
    }

    /// Of a scope with a frame: where the cell of a captured (mangled) name is found: `Ok` in a local slot, `Err` among the
    /// captured variables.
    pub(super) fn cell(&self, name: &Name) -> Result<u32, u32> {
        if self.cells.contains(name) {
            return Ok(self.locals.get_index_of(name).unwrap_or_default() as u32);
        }
        Err(self.free.get_index_of(name).unwrap_or_default() as u32)
    }

    /// The name as the language stores it: `__x` in class `C` is `_C__x`.
    pub(super) fn mangle(&self, name: &Name) -> Name {
        mangle(self.private.as_ref(), name)
    }

    pub(super) fn binds(&self, name: &Name) -> bool {
        self.symbols.get(name).is_some_and(|symbol| symbol.bound && !symbol.global && !symbol.nonlocal)
    }
}

/// See [`Scope::mangle`].
fn mangle(class: Option<&Name>, name: &Name) -> Name {
    let Some(class) = class.filter(|_| name.starts_with("__")) else { return name.clone() };
    let class = class.trim_start_matches('_');
    if name.ends_with("__") || name.contains('.') || class.is_empty() {
        return name.clone();
    }
    Name::from(format!("_{class}{name}"))
}

/// All scopes of a module.
pub(super) struct Scopes {
    pub(super) scopes: Vec<Scope>,
    by_node: FxHashMap<usize, usize>,
}

impl Scopes {
    /// Analyses a module.
    pub(super) fn analyse(module: &scriptling_syntax::Module) -> Scopes {
        let mut walker = super::walk::Walker::new();
        walker.module(module);
        let mut scopes = walker.finish();
        scopes.choose_inlined();
        for at in (0..scopes.scopes.len()).rev() {
            scopes.pass_names_on(at);
        }
        for at in 0..scopes.scopes.len() {
            scopes.capture_all(at);
        }
        for scope in &mut scopes.scopes {
            scope.number();
        }
        for at in 0..scopes.scopes.len() {
            scopes.number_inlined(at);
        }
        scopes
    }

    pub(super) fn empty() -> Scopes {
        Scopes { scopes: vec![Scope::new(ScopeKind::Module, None, None)], by_node: FxHashMap::default() }
    }

    /// The scope that belongs to a node.
    pub(super) fn of<T>(&self, node: &T) -> usize {
        *self.by_node.get(&address(node)).expect("the walker saw every node")
    }

    /// Whether the module itself binds a global name somewhere.
    pub(super) fn module_binds(&self, name: &str) -> bool {
        self.scopes.iter().any(|scope| {
            scope
                .symbols
                .get(name)
                .is_some_and(|symbol| symbol.bound && (symbol.global || scope.kind == ScopeKind::Module))
        })
    }

    pub(super) fn open<T>(&mut self, kind: ScopeKind, parent: usize, private: Option<Name>, node: &T) -> usize {
        let mut scope = Scope::new(kind, Some(parent), private);
        match kind {
            ScopeKind::Class => drop(scope.locals.insert(NAMESPACE)),
            ScopeKind::Comprehension => drop(scope.locals.insert(OUTERMOST)),
            ScopeKind::Module | ScopeKind::Function => {}
        }
        self.scopes.push(scope);
        self.by_node.insert(address(node), self.scopes.len() - 1);
        self.scopes.len() - 1
    }

    /// The symbol of a name, mangled here, to be changed.
    pub(super) fn symbol_mut(&mut self, at: usize, name: &Name) -> &mut Symbol {
        let scope = &mut self.scopes[at];
        let name = mangle(scope.private.as_ref(), name);
        scope.symbols.entry(name).or_default()
    }

    /// Notes an assignment `receiver.name = ...` in a method.
    pub(super) fn receiver_attribute(&mut self, at: usize, object: &Name, attribute: &Name) {
        if self.scopes[at].receiver.as_ref() != Some(object) {
            return;
        }
        let attribute = self.scopes[at].mangle(attribute);
        if let Some(parent) = self.scopes[at].parent {
            self.scopes[parent].receiver_attributes.insert(attribute);
        }
    }

    /// Binds the target of `:=`, which belongs to the scope around the comprehensions it is in.
    pub(super) fn bind_walrus(&mut self, at: usize, name: &Name) {
        let mut owner = at;
        while self.scopes[owner].kind == ScopeKind::Comprehension
            && let Some(parent) = self.scopes[owner].parent
        {
            owner = parent;
        }
        let symbol = self.symbol_mut(owner, name);
        symbol.bound = true;
        symbol.walrus = true;
        let is_global = symbol.global || self.scopes[owner].kind == ScopeKind::Module;
        if owner != at {
            let inner = self.symbol_mut(at, name);
            inner.bound = true;
            inner.global = is_global;
            inner.nonlocal = !is_global;
        }
    }

    /// Opens the capture chains of all names that a scope takes from outside.
    fn capture_all(&mut self, at: usize) {
        if self.scopes[at].kind == ScopeKind::Module || self.scopes[at].inlined {
            return;
        }
        let wanted: Vec<Name> = (self.scopes[at].symbols.iter())
            .filter(|(_, symbol)| !symbol.global && (symbol.nonlocal || !symbol.bound))
            .map(|(name, _)| name.clone())
            .collect();
        for name in wanted {
            self.capture(at, &name);
        }
    }

    /// If an enclosing scope binds `name`, makes it a cell there and a captured variable from there to here.
    fn capture(&mut self, at: usize, name: &Name) {
        let mut owner = self.scopes[at].parent;
        while let Some(candidate) = owner {
            let scope = &self.scopes[candidate];
            match scope.kind {
                ScopeKind::Module => return,
                ScopeKind::Class if *name == CLASS_CELL => break,
                ScopeKind::Class => {}
                _ if scope.symbols.get(name).is_some_and(|symbol| symbol.global) => return,
                _ if scope.binds(name) => break,
                _ => {}
            }
            owner = scope.parent;
        }
        let Some(owner) = owner else { return };
        let cells = &mut self.scopes[owner];
        cells.cells.insert(name.clone());
        if cells.kind == ScopeKind::Class {
            cells.locals.insert(name.clone());
        }
        let mut between = at;
        while between != owner {
            if !self.scopes[between].inlined {
                self.scopes[between].free.insert(name.clone());
            }
            between = self.scopes[between].parent.unwrap_or(owner);
        }
    }
}

impl Scope {
    /// Numbers the slots and notes what each name means.
    fn number(&mut self) {
        let is_class = self.kind == ScopeKind::Class;
        if self.inlined {
            return;
        }
        for (name, symbol) in &mut self.symbols {
            let free = self.free.get_index_of(name).map(|index| index as u32);
            let binding = if symbol.global || self.kind == ScopeKind::Module {
                Binding::Global
            } else if symbol.nonlocal {
                free.map_or(Binding::Global, Binding::Free)
            } else if symbol.bound && is_class {
                Binding::Name
            } else if symbol.bound {
                let slot = self.locals.insert_full(name.clone()).0 as u32;
                if self.cells.contains(name) { Binding::Cell(slot) } else { Binding::Local(slot) }
            } else {
                match free {
                    Some(index) if is_class => Binding::NameOrFree(index),
                    Some(index) => Binding::Free(index),
                    None if is_class => Binding::Name,
                    None => Binding::Global,
                }
            };
            symbol.binding = Some(binding);
        }
    }
}

/// The identity of a node: trees do not move while they are compiled.
fn address<T>(node: &T) -> usize {
    std::ptr::from_ref(node).addr()
}

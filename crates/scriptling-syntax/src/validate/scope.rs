//! Names and the blocks they live in: `global`, `nonlocal` and what was bound before.
//!
//! This is not the compiler's scope analysis: it keeps only what the messages need.

use std::collections::HashMap;

use super::{Jumps, Validator};
use crate::{ast::Ident, error::SyntaxError, span::Span};

/// What kind of block a scope is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    /// The file.
    Module,
    /// A class body.
    Class,
    /// A function body.
    Function {
        /// `async def`
        is_async: bool,
    },
    /// A lambda body.
    Lambda,
    /// A comprehension.
    Comprehension {
        /// As messages call it.
        kind: &'static str,
    },
    /// The value of a `type` statement.
    Annotation,
}

/// What is known about a name in a block.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, not a state")]
pub(super) struct Facts {
    parameter: bool,
    bound: bool,
    used: bool,
    annotated: bool,
    declared: Option<Binding>,
    /// The target of a `for` of a comprehension.
    pub(super) iterates: bool,
}

/// What a declaration makes of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binding {
    /// `global`
    Global,
    /// `nonlocal`
    Nonlocal,
}

/// A block that is being walked.
#[expect(clippy::struct_excessive_bools, reason = "independent facts, not a state")]
pub(super) struct Scope<'t> {
    pub(super) block: Block,
    pub(super) jumps: Jumps,
    /// Inside an `except*` block of this function, however deep in loops.
    pub(super) in_except_star: bool,
    /// Inside the iterable of this comprehension.
    pub(super) in_iterable: bool,
    /// Whether a function is a generator.
    pub(super) yields: bool,
    /// Whether a comprehension must be awaited.
    pub(super) is_asynchronous: bool,
    /// The first `return` with a value.
    pub(super) return_with_value: Option<Span>,
    names: HashMap<&'t str, Facts>,
    /// `nonlocal` declarations, here and in inner blocks, whose binding is not found yet.
    unresolved: Vec<(&'t str, Span)>,
}

impl<'t> Scope<'t> {
    pub(super) fn new(block: Block) -> Self {
        Self {
            block,
            jumps: Jumps::Nowhere,
            in_except_star: false,
            in_iterable: false,
            yields: false,
            is_asynchronous: false,
            return_with_value: None,
            names: HashMap::new(),
            unresolved: Vec::new(),
        }
    }

    pub(super) fn facts(&mut self, name: &'t str) -> &mut Facts {
        self.names.entry(name).or_default()
    }

    pub(super) fn parameter(&mut self, name: &'t str) {
        self.facts(name).parameter = true;
    }

    pub(super) fn used(&mut self, name: &'t str) {
        self.facts(name).used = true;
    }

    pub(super) fn is_iterated(&self, name: &str) -> bool {
        self.names.get(name).is_some_and(|facts| facts.iterates)
    }
}

impl<'t> Validator<'t> {
    /// A name is assigned in the current block.
    pub(super) fn bind(&mut self, name: &'t str) {
        self.scope().facts(name).bound = true;
    }

    /// A name is annotated in the current block.
    pub(super) fn annotate(&mut self, name: &'t str, span: Span) {
        let is_module = self.scope().block == Block::Module;
        let facts = self.scope().facts(name);
        (facts.annotated, facts.bound) = (true, true);
        match facts.declared {
            Some(_) if is_module => {}
            Some(Binding::Global) => {
                self.error(format!("annotated name '{name}' can't be global"), span);
            }
            Some(Binding::Nonlocal) => {
                self.error(format!("annotated name '{name}' can't be nonlocal"), span);
            }
            None => {}
        }
    }

    /// `global names` or `nonlocal names`
    pub(super) fn declare_all(&mut self, names: &'t [Ident], binding: Binding, span: Span) {
        for name in names {
            self.declare(name, binding, span);
        }
    }

    fn declare(&mut self, ident: &'t Ident, binding: Binding, span: Span) {
        let name = ident.name.as_str();
        let keyword = if binding == Binding::Global { "global" } else { "nonlocal" };
        let block = self.scope().block;
        if binding == Binding::Nonlocal && block == Block::Module {
            self.error("nonlocal declaration not allowed at module level", span);
            return;
        }
        let facts = self.scope().facts(name);
        let message = match *facts {
            Facts { declared: Some(other), .. } if other != binding => {
                Some(format!("name '{name}' is nonlocal and global"))
            }
            Facts { parameter: true, .. } => Some(format!("name '{name}' is parameter and {keyword}")),
            Facts { annotated: true, .. } => Some(format!("annotated name '{name}' can't be {keyword}")),
            Facts { bound: true, declared: None, .. } => {
                Some(format!("name '{name}' is assigned to before {keyword} declaration"))
            }
            Facts { used: true, declared: None, .. } => {
                Some(format!("name '{name}' is used prior to {keyword} declaration"))
            }
            _ => None,
        };
        let is_new = facts.declared.is_none() && message.is_none();
        facts.declared.get_or_insert(binding);
        if let Some(message) = message {
            self.error(message, span);
        } else if is_new && binding == Binding::Nonlocal {
            // The message is about the whole statement, as in CPython.
            self.scope().unresolved.push((name, span));
        }
    }

    /// Leave the innermost block: what it could not resolve is looked for further out.
    pub(super) fn leave(&mut self) {
        let Some(inner) = self.scopes.pop() else {
            return;
        };
        if inner.block == (Block::Function { is_async: true })
            && inner.yields
            && let Some(span) = inner.return_with_value
        {
            self.error("'return' with value in async generator", span);
        }
        let outer = self.scope();
        outer.unresolved.extend(inner.unresolved);
        // The binding may follow later in the outer function: decide when that one is left.
        if matches!(inner.block, Block::Function { .. } | Block::Lambda | Block::Comprehension { .. }) {
            let names = inner.names;
            let is_declared = |name: &str| names.get(name).is_some_and(|facts| facts.declared.is_some());
            let is_bound =
                |name: &str| names.get(name).is_some_and(|facts| facts.bound || facts.parameter) && !is_declared(name);
            self.scope().unresolved.retain(|&(name, _)| !is_bound(name));
        }
    }

    /// Report the `nonlocal` declarations that no function could satisfy.
    pub(super) fn leave_module(&mut self) {
        let unresolved = std::mem::take(&mut self.scope().unresolved);
        for (name, span) in unresolved {
            self.errors.push(SyntaxError::new(format!("no binding for nonlocal '{name}' found"), span));
        }
    }
}

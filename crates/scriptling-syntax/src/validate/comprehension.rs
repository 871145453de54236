//! Rules of comprehensions: where they may await, and what `:=` may do inside them.

use super::{
    Validator,
    scope::{Block, Scope},
};
use crate::ast::{Comprehension, Expr, ExprKind, Ident};

impl<'t> Validator<'t> {
    pub(super) fn comprehension(&mut self, expr: &'t Expr) {
        let (kind, elements, generators): (_, [Option<&'t Expr>; 2], &'t [Comprehension]) = match &expr.kind {
            ExprKind::ListComp { elt, generators } => ("list comprehension", [Some(elt), None], generators),
            ExprKind::SetComp { elt, generators } => ("set comprehension", [Some(elt), None], generators),
            ExprKind::GeneratorExp { elt, generators } => ("generator expression", [Some(elt), None], generators),
            ExprKind::DictComp { key, value, generators } => {
                ("dict comprehension", [Some(key), Some(value)], generators)
            }
            _ => return,
        };
        // The first iterable is evaluated outside, but `:=` is refused in it all the same.
        if let Some(first) = generators.first() {
            let outer = std::mem::replace(&mut self.scope().in_iterable, true);
            self.expr(&first.iter);
            self.scope().in_iterable = outer;
        }
        self.scopes.push(Scope::new(Block::Comprehension { kind }));
        for (at, generator) in generators.iter().enumerate() {
            self.iteration_names(&generator.target);
            self.target(&generator.target);
            if at > 0 {
                self.scope().in_iterable = true;
                self.expr(&generator.iter);
                self.scope().in_iterable = false;
            }
            self.exprs(generator.ifs.iter());
            self.scope().is_asynchronous |= generator.is_async;
        }
        self.exprs(elements.into_iter().flatten());
        let awaits = self.scope().is_asynchronous;
        self.leave();
        if awaits && kind != "generator expression" {
            self.asynchronous_comprehension(expr);
        }
    }

    /// A comprehension that must be awaited needs an async function, or a comprehension that passes it on.
    fn asynchronous_comprehension(&mut self, expr: &'t Expr) {
        match self.scope().block {
            Block::Function { is_async: true } => {}
            Block::Comprehension { .. } => self.scope().is_asynchronous = true,
            _ => self.error("asynchronous comprehension outside of an asynchronous function", expr.span),
        }
    }

    fn iteration_names(&mut self, target: &'t Expr) {
        match &target.kind {
            ExprKind::Name(name) => self.scope().facts(name).iterates = true,
            ExprKind::Starred(value) => self.iteration_names(value),
            ExprKind::List(items) | ExprKind::Tuple(items) => {
                for item in items {
                    self.iteration_names(item);
                }
            }
            _ => {}
        }
    }

    /// The target of `:=`, which belongs to the function around comprehensions.
    pub(super) fn named(&mut self, target: &'t Ident) {
        let name = target.name.as_str();
        if self.scope().in_iterable {
            self.error("assignment expression cannot be used in a comprehension iterable expression", target.span);
            return;
        }
        let mut holder = self.scopes.len() - 1;
        while let Block::Comprehension { .. } = self.scopes[holder].block {
            if self.scopes[holder].is_iterated(name) {
                let message = format!("assignment expression cannot rebind comprehension iteration variable '{name}'");
                self.error(message, target.span);
                return;
            }
            holder -= 1;
        }
        if holder + 1 < self.scopes.len() && self.scopes[holder].block == Block::Class {
            let message = "assignment expression within a comprehension cannot be used in a class body";
            self.error(message, target.span);
            return;
        }
        // Not `bind`: a declaration of the holder may stand in front, and the name is the holder's.
        self.scopes[holder].facts(name);
        self.scopes[holder].used(name);
    }
}

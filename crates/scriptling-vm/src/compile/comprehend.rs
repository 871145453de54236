//! Comprehensions and generator expressions. Most comprehensions run in the frame around them (see `inline`); the others, and
//! generator expressions, are functions of one argument, the outermost iterator.

use scriptling_syntax::Span;
use scriptling_syntax::ast::{Comprehension, Expr, ExprKind, Name};

use super::emit::Label;
use super::scope::Binding;
use super::{Compiler, Done};
use crate::code::{CodeKind, Params};
use crate::op::Op;

/// What is made of the items.
#[derive(Clone, Copy)]
enum Collect<'a> {
    List(&'a Expr),
    Set(&'a Expr),
    Dict(&'a Expr, &'a Expr),
    Generator(&'a Expr),
}

impl<'a> Compiler<'a> {
    /// A comprehension of any kind.
    pub(super) fn comprehension(&mut self, expr: &'a Expr) -> Done {
        let (name, result, generators) = match &expr.kind {
            ExprKind::ListComp { elt, generators } => ("<listcomp>", Collect::List(elt), generators),
            ExprKind::SetComp { elt, generators } => ("<setcomp>", Collect::Set(elt), generators),
            ExprKind::DictComp { key, value, generators } => ("<dictcomp>", Collect::Dict(key, value), generators),
            ExprKind::GeneratorExp { elt, generators } => ("<genexpr>", Collect::Generator(elt), generators),
            _ => return Ok(()),
        };
        let Some(first) = generators.first() else { return Ok(()) };
        if generators.iter().any(|generator| generator.is_async) {
            return self.unsupported("asynchronous comprehensions are", expr.span);
        }
        let scope = self.scopes.of(expr);
        if self.scopes.scopes[scope].inlined {
            return self.inlined_comprehension(scope, result, generators, expr.span);
        }
        let name = Name::new_static(name);
        let qualname = self.qualname(&name);
        let index = self.begin_code(CodeKind::Comprehension, scope, name, qualname, expr.span);
        self.comprehension_body(result, generators, expr.span)?;
        self.end_code()?;
        self.state.emit.at(expr.span);
        self.make_function(index, scope, 0);
        self.iterated(&first.iter)?;
        self.state.emit.at(expr.span);
        self.op(Op::GetIter);
        self.state.emit.op_a(Op::Call, 1);
        Ok(())
    }

    fn comprehension_body(&mut self, result: Collect<'a>, generators: &'a [Comprehension], span: Span) -> Done {
        self.prologue(Params { positional: 1, ..Params::default() });
        self.state.emit.at(span);
        self.new_collection(result);
        self.state.emit.load_local(0);
        self.comprehension_loops(result, generators, span)?;
        if let Collect::Generator(_) = result {
            self.op(Op::LoadNone);
        }
        self.op(Op::Return);
        Ok(())
    }

    /// A comprehension in the frame around it. Its variables are unbound before and behind it.
    fn inlined_comprehension(
        &mut self,
        scope: usize,
        result: Collect<'a>,
        generators: &'a [Comprehension],
        span: Span,
    ) -> Done {
        let Some(first) = generators.first() else { return Ok(()) };
        self.state.emit.at(span);
        self.new_collection(result);
        self.iterated(&first.iter)?;
        self.state.emit.at(span);
        self.op(Op::GetIter);
        let around = std::mem::replace(&mut self.state.names, scope);
        let slots = self.scopes.scopes[scope].inline_slots.clone();
        let bound_first = self.plain_targets(&first.target);
        for &slot in &slots {
            self.state.emit.forget_bound(slot);
            // An evaluation that an exception ended may have left something.
            if !bound_first.contains(&slot) {
                self.state.emit.op_ax(Op::ClearLocal, slot);
            }
        }
        self.comprehension_loops(result, generators, span)?;
        for slot in slots {
            self.state.emit.op_ax(Op::ClearLocal, slot);
            self.state.emit.forget_bound(slot);
        }
        self.state.names = around;
        Ok(())
    }

    /// The slots that a target binds before anything else can be evaluated.
    fn plain_targets(&self, target: &Expr) -> Vec<u32> {
        let items = match &target.kind {
            ExprKind::Tuple(items) | ExprKind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(target),
        };
        let slot = |item: &Expr| match &item.kind {
            ExprKind::Name(name) => match self.scope().binding(&self.mangle(name)) {
                Binding::Local(slot) => Some(slot),
                _ => None,
            },
            _ => None,
        };
        items.iter().map(slot).collect::<Option<Vec<u32>>>().unwrap_or_default()
    }

    fn new_collection(&mut self, result: Collect<'a>) {
        match result {
            Collect::List(_) => self.state.emit.op_ax(Op::BuildList, 0),
            Collect::Set(_) => self.state.emit.op_ax(Op::BuildSet, 0),
            Collect::Dict(..) => self.state.emit.op_ax(Op::BuildDict, 0),
            Collect::Generator(_) => {}
        }
    }

    /// The loops over all iterables, the first of whose iterators is on the stack.
    fn comprehension_loops(&mut self, result: Collect<'a>, generators: &'a [Comprehension], span: Span) -> Done {
        let mut loops: Vec<(Label, Label)> = Vec::with_capacity(generators.len());
        for (depth, generator) in generators.iter().enumerate() {
            if depth > 0 {
                self.iterated(&generator.iter)?;
                self.state.emit.at(span);
                self.op(Op::GetIter);
            }
            let (top, end) = (self.state.emit.label(), self.state.emit.label());
            loops.push((top, end));
            self.state.emit.bind(top);
            self.state.emit.at(span);
            self.for_iter(&generator.target, end)?;
            for condition in &generator.ifs {
                self.jump_if(condition, false, top)?;
            }
        }
        self.comprehension_item(result, generators.len() as u32, span)?;
        for (top, end) in loops.into_iter().rev() {
            self.state.emit.jump(top);
            self.state.emit.bind(end);
        }
        Ok(())
    }

    /// Evaluates the item and puts it into the collection below the `loops` iterators.
    fn comprehension_item(&mut self, result: Collect<'a>, loops: u32, span: Span) -> Done {
        match result {
            Collect::List(item) => {
                self.expr(item)?;
                self.state.emit.at(span);
                self.state.emit.op_a(Op::ListAppend, loops);
            }
            Collect::Set(item) => {
                self.expr(item)?;
                self.state.emit.at(span);
                self.state.emit.op_a(Op::SetAdd, loops);
            }
            Collect::Dict(key, value) => {
                self.expr(key)?;
                self.expr(value)?;
                self.state.emit.at(span);
                self.state.emit.op_a(Op::DictAdd, loops);
            }
            Collect::Generator(item) => {
                self.expr(item)?;
                self.state.emit.at(span);
                self.state.emit.op_a(Op::YieldValue, 0);
                self.op(Op::Pop);
            }
        }
        Ok(())
    }
}

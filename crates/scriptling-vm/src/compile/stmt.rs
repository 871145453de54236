//! Statements: blocks, branches, loops, imports, and what ends a block early.
//!
//! Loops are inverted: the condition of `while` is compiled at the top, once, and again at the bottom as the conditional
//! back edge, so that a round costs one jump.

use scriptling_syntax::Span;
use scriptling_syntax::ast::{Alias, Constant, Expr, ExprKind, Ident, IfBranch, Name, Stmt, StmtKind, UnaryOp};

use super::constant::Const;
use super::emit::Label;
use super::expr::has_star;
use super::try_::Block;
use super::{CODE_WORDS, Compiler, Done, MAX_NESTED_BLOCKS, MAX_UNIT_WORDS};
use crate::op::{Common, Instruction, Op};

/// Splits the docstring off a body. `keep_last`: a string that is the only statement is a value, not a docstring.
pub(super) fn split_docstring(body: &[Stmt], keep_last: bool) -> (Option<&str>, &[Stmt]) {
    if let Some((Stmt { kind: StmtKind::Expr(first), .. }, rest)) = body.split_first()
        && let ExprKind::Constant(Constant::Str(text)) = &first.kind
        && !(keep_last && rest.is_empty())
    {
        return (Some(text), rest);
    }
    (None, body)
}

fn is_future(stmt: &Stmt) -> Option<&[Alias]> {
    match &stmt.kind {
        StmtKind::ImportFrom { module: Some(module), names, level: 0 } if module.name == "__future__" => Some(names),
        _ => None,
    }
}

/// The comparison in a condition that is decided last: what CPython 3.11 marks when an assertion fails.
fn last_comparison(test: &Expr) -> Option<Span> {
    match &test.kind {
        ExprKind::Compare { .. } => Some(test.span),
        ExprKind::UnaryOp { op: UnaryOp::Not, operand } => last_comparison(operand),
        ExprKind::BoolOp { values, .. } => values.iter().rev().find_map(last_comparison),
        _ => None,
    }
}

/// Whether a module asks for annotations as text.
pub(super) fn has_future_annotations(body: &[Stmt]) -> bool {
    body.iter().map_while(is_future).flatten().any(|alias| alias.name.name == "annotations")
}

impl<'a> Compiler<'a> {
    pub(super) fn stmts(&mut self, stmts: &'a [Stmt]) -> Done {
        for stmt in stmts {
            // What follows a `return` is not compiled.
            if !self.state.emit.is_reachable() {
                break;
            }
            if self.words + self.state.emit.len() + self.outer.len() * CODE_WORDS > MAX_UNIT_WORDS {
                return self.too_large(stmt.span);
            }
            self.stmt(stmt)?;
        }
        Ok(())
    }

    fn stmt(&mut self, stmt: &'a Stmt) -> Done {
        match &stmt.kind {
            StmtKind::Expr(expr) => self.evaluate(expr),
            StmtKind::Assign { targets, value } => self.assign(targets, value),
            StmtKind::AugAssign { target, op, value } => self.augmented(target, *op, value, stmt.span),
            StmtKind::If { branches, orelse } => self.if_(branches, orelse),
            StmtKind::For { is_async: true, .. } => self.unsupported("'async for' is", stmt.span),
            StmtKind::For { target, iter, body, orelse, .. } => self.for_(target, iter, body, orelse, stmt.span),
            StmtKind::While { test, body, orelse } => self.while_(test, body, orelse, stmt.span),
            StmtKind::Return(value) => self.return_(value.as_deref(), stmt.span),
            StmtKind::FunctionDef(def) => self.function_def(def, stmt.span),
            StmtKind::ClassDef(def) => self.class_def(def, stmt.span),
            StmtKind::AnnAssign { target, annotation, value, simple } => {
                self.annotated(target, annotation, value.as_deref(), *simple, stmt.span)
            }
            StmtKind::Break | StmtKind::Continue => self.leave_loop(matches!(stmt.kind, StmtKind::Break), stmt.span),
            StmtKind::Pass | StmtKind::Global(_) | StmtKind::Nonlocal(_) => Ok(()),
            _ => self.other_stmt(stmt),
        }
    }

    #[inline(never)]
    fn other_stmt(&mut self, stmt: &'a Stmt) -> Done {
        match &stmt.kind {
            StmtKind::Delete(targets) => targets.iter().try_for_each(|target| self.delete(target)),
            StmtKind::TypeAlias(_) => self.unsupported("type aliases are", stmt.span),
            StmtKind::With { is_async: true, .. } => self.unsupported("'async with' is", stmt.span),
            StmtKind::With { items, body, .. } => self.with(items, body, stmt.span),
            StmtKind::Match { subject, cases } => self.match_(subject, cases),
            StmtKind::Raise { exc, cause } => self.raise(exc.as_deref(), cause.as_deref(), stmt.span),
            StmtKind::Try(statement) => self.try_(statement, stmt.span),
            StmtKind::Assert { test, msg } => self.assert(test, msg.as_deref(), stmt.span),
            StmtKind::Import(names) => names.iter().try_for_each(|alias| self.import(alias, stmt.span)),
            StmtKind::ImportFrom { .. } if is_future(stmt).is_some() => Ok(()),
            StmtKind::ImportFrom { module, names, level } => {
                self.import_from(module.as_ref(), names, *level, stmt.span)
            }
            // The arms of `stmt`.
            _ => Ok(()),
        }
    }

    /// The last statement of a module whose value is wanted.
    pub(super) fn last_stmt(&mut self, stmt: &'a Stmt) -> Done {
        match &stmt.kind {
            StmtKind::Expr(expr) => {
                self.expr(expr)?;
                self.op(Op::Return);
                Ok(())
            }
            _ => self.stmts(std::slice::from_ref(stmt)),
        }
    }

    /// Evaluates an expression for its effects.
    pub(super) fn evaluate(&mut self, expr: &'a Expr) -> Done {
        if matches!(expr.kind, ExprKind::Constant(ref constant) if Const::literal(constant).is_some()) {
            return Ok(());
        }
        self.expr(expr)?;
        self.op(Op::Pop);
        Ok(())
    }

    /// Counts the blocks that CPython counts, with its limit.
    pub(super) fn nested(&mut self, span: Span, compile: impl FnOnce(&mut Self) -> Done) -> Done {
        if self.state.nested_blocks == MAX_NESTED_BLOCKS {
            return self.error("too many statically nested blocks", span);
        }
        self.state.nested_blocks += 1;
        compile(self)?;
        self.state.nested_blocks -= 1;
        Ok(())
    }
}

/// Branches and loops.
impl<'a> Compiler<'a> {
    fn if_(&mut self, branches: &'a [IfBranch], orelse: &'a [Stmt]) -> Done {
        let end = self.state.emit.label();
        for (index, branch) in branches.iter().enumerate() {
            let next = self.state.emit.label();
            self.jump_if(&branch.test, false, next)?;
            self.stmts(&branch.body)?;
            if index + 1 < branches.len() || !orelse.is_empty() {
                self.state.emit.jump(end);
            }
            self.state.emit.bind(next);
        }
        self.stmts(orelse)?;
        self.state.emit.bind(end);
        Ok(())
    }

    fn while_(&mut self, test: &'a Expr, body: &'a [Stmt], orelse: &'a [Stmt], span: Span) -> Done {
        let emit = &mut self.state.emit;
        let (top, again, otherwise, end) = (emit.label(), emit.label(), emit.label(), emit.label());
        self.jump_if(test, false, otherwise)?;
        self.state.emit.bind(top);
        self.nested(span, |this| {
            let depth = this.state.emit.depth();
            this.state.blocks.push(Block::Loop { again, end, depth, end_depth: depth });
            this.stmts(body)?;
            this.state.blocks.pop();
            Ok(())
        })?;
        self.state.emit.bind(again);
        self.state.emit.at(test.span);
        self.jump_if(test, true, top)?;
        self.state.emit.bind(otherwise);
        self.stmts(orelse)?;
        self.state.emit.bind(end);
        Ok(())
    }

    fn for_(&mut self, target: &'a Expr, iter: &'a Expr, body: &'a [Stmt], orelse: &'a [Stmt], span: Span) -> Done {
        let emit = &mut self.state.emit;
        let (top, otherwise, end) = (emit.label(), emit.label(), emit.label());
        let end_depth = emit.depth();
        self.iterated(iter)?;
        self.state.emit.at(span);
        self.op(Op::GetIter);
        self.state.emit.bind(top);
        self.for_iter(target, otherwise)?;
        self.nested(span, |this| {
            this.state.blocks.push(Block::Loop { again: top, end, depth: end_depth + 1, end_depth });
            this.stmts(body)?;
            this.state.blocks.pop();
            Ok(())
        })?;
        self.state.emit.at(span);
        self.state.emit.jump(top);
        self.state.emit.bind(otherwise);
        self.stmts(orelse)?;
        self.state.emit.bind(end);
        Ok(())
    }

    /// One step of the iterator on the stack: stores the next value, or pops the iterator and jumps to `end`.
    pub(super) fn for_iter(&mut self, target: &'a Expr, end: Label) -> Done {
        if let ExprKind::Name(name) = &target.kind
            && let Some(slot) = self.local_slot(name)
        {
            self.state.emit.jump_with(Instruction::abc(Op::ForIterStore, slot, 0, 0), end);
            self.state.emit.store_local(u32::from(slot));
            return Ok(());
        }
        let is_pair = match &target.kind {
            ExprKind::Tuple(items) | ExprKind::List(items) => items.len() == 2 && !has_star(items),
            _ => false,
        };
        self.state.emit.jump_op(if is_pair { Op::ForIterPair } else { Op::ForIter }, end);
        self.store(target)
    }
}

/// Raising and importing.
impl<'a> Compiler<'a> {
    fn raise(&mut self, exc: Option<&'a Expr>, cause: Option<&'a Expr>, span: Span) -> Done {
        let mut count = 0;
        for part in [exc, cause].into_iter().flatten() {
            self.expr(part)?;
            count += 1;
        }
        self.state.emit.at(span);
        self.state.emit.op_a(Op::Raise, count);
        Ok(())
    }

    fn assert(&mut self, test: &'a Expr, msg: Option<&'a Expr>, span: Span) -> Done {
        let end = self.state.emit.label();
        self.jump_if(test, true, end)?;
        let span = last_comparison(test).unwrap_or(span);
        self.state.emit.op_a(Op::LoadCommon, Common::AssertionError as u32);
        if let Some(msg) = msg {
            self.expr(msg)?;
            self.state.emit.at(span);
            self.state.emit.op_a(Op::Call, 1);
        }
        self.state.emit.at(span);
        self.state.emit.op_a(Op::Raise, 1);
        self.state.emit.bind(end);
        Ok(())
    }

    fn import(&mut self, alias: &Alias, span: Span) -> Done {
        let full = &alias.name.name;
        self.state.emit.at(span);
        self.state.emit.load_small_int(0);
        self.op(Op::LoadNone);
        self.import_name(full);
        let mut parts = full.split('.').map(Name::new);
        let top = parts.next().unwrap_or_default();
        let Some(asname) = &alias.asname else { return self.store_name(&top, alias.span) };
        // The import itself gives the top-level package.
        for part in parts {
            let index = self.state.emit.name(&part);
            self.state.emit.op_ax(Op::ImportFrom, index);
            self.op(Op::Swap);
            self.op(Op::Pop);
        }
        self.store_name(&asname.name, asname.span)
    }

    fn import_name(&mut self, name: &Name) {
        let index = self.state.emit.name(name);
        self.state.emit.op_ax(Op::ImportName, index);
    }

    fn import_from(&mut self, module: Option<&Ident>, names: &[Alias], level: u32, span: Span) -> Done {
        self.state.emit.at(span);
        self.constant(&Const::Int(i64::from(level)));
        self.text_tuple(names.iter().map(|alias| &alias.name.name));
        self.import_name(module.map_or(&Name::default(), |module| &module.name));
        if names.iter().any(|alias| alias.name.name == "*") {
            self.op(Op::ImportStar);
            return Ok(());
        }
        for alias in names {
            self.state.emit.at(span);
            let index = self.state.emit.name(&alias.name.name);
            self.state.emit.op_ax(Op::ImportFrom, index);
            let target = alias.asname.as_ref().unwrap_or(&alias.name);
            self.store_name(&target.name, target.span)?;
        }
        self.op(Op::Pop);
        Ok(())
    }
}

//! `try`, `with`, and every way out of a block.
//!
//! # The protocol
//! Nothing is done on the way into a `try`: a table says for each range of words which handler covers it and how many
//! operands to keep. When something is raised, the loop cuts the stack to that depth, pushes the exception and jumps. The
//! fiber also knows the exception that is *being handled* (for `raise` without operand and for `__context__`); handlers
//! save the previous one on the stack. Below, `|` marks the kept depth, the top is at the right.
//!
//! ```text
//! handler:               | exc
//!     PushHandled        | previous exc      exc is now the handled one
//!     (type)             | previous exc type
//!     ExceptionMatches   | previous exc bool
//!     JumpIfFalse next   | previous exc
//!     store, or Pop      | previous
//!     ...body...         | previous
//!     PopHandled         |                   previous is the handled one again
//!     Jump end
//! next: ...the next clause...
//! cleanup:               | previous exc      reached by falling through: nothing matched,
//!                                            or by an exception in the code above, which `cleanup` covers
//!     RestoreHandled     | exc
//!     Reraise
//! ```
//!
//! `except E as name` puts the body in one more region, whose handler clears the name and goes on to `cleanup`.
//! `finally` has the same frame: its body runs between `PushHandled` and `cleanup` with the exception still on the
//! stack, and then falls through to raise it again. `with` likewise, with `__exit__` kept below:
//!
//! ```text
//! handler:               | exit exc
//!     PushHandled        | exit previous exc
//!     ExitWith           | exit previous exc result
//!     JumpIfTrue ok      | exit previous exc
//! cleanup: RestoreHandled, Reraise
//! ok: Pop, PopHandled, Pop
//! ```
//!
//! # Ways out
//! `return`, `break` and `continue` run what stands between them and their target: they visit the enclosing [`Block`]s
//! from the innermost outwards and emit each one's exit in place (so `finally` bodies are compiled once per way out).
//! While a block's exit is emitted its own region must not cover it, so the region is closed there and opened again
//! behind the jump; a region therefore is a list of ranges. The operand that `return` carries stays on top throughout.
//! Operands of abandoned expressions and iterators are dropped by depth, which the emitter knows everywhere.

use scriptling_syntax::Span;
use scriptling_syntax::ast::{ExceptHandler, Expr, Name, Stmt, Try, WithItem};

use super::emit::{Bound, Label};
use super::{Compiler, Done};
use crate::code::CodeKind;
use crate::op::Op;

/// Code that a handler covers, from the last opening on.
pub(super) struct Region {
    start: u32,
    target: Label,
    /// Operands that are kept.
    depth: u32,
    /// The variables bound when the region began.
    bound: Bound,
}

/// Something that surrounds a statement and matters to the ways out of it.
pub(super) enum Block<'a> {
    /// A loop: where `continue` and `break` go and how many operands are there then.
    Loop { again: Label, end: Label, depth: u32, end_depth: u32 },
    /// Code with a handler and nothing to do on the way out.
    Guard(Region),
    /// The body of `try ... finally`.
    Finally(Region, &'a [Stmt]),
    /// The body of `with`; `__exit__` is the operand at this depth.
    With(Region, u32, Span),
    /// A handler: the previously handled exception is the operand at this depth.
    Handled(Region, u32),
    /// The body of `except*`, which only exceptions and its end leave.
    Star(Region),
    /// The body of `except ... as name`.
    Named(Region, &'a Name),
}

impl Block<'_> {
    fn region(&mut self) -> Option<&mut Region> {
        match self {
            Block::Loop { .. } => None,
            Block::Guard(region)
            | Block::Finally(region, _)
            | Block::With(region, ..)
            | Block::Handled(region, _)
            | Block::Star(region)
            | Block::Named(region, _) => Some(region),
        }
    }
}

/// Regions.
impl<'a> Compiler<'a> {
    fn region(&mut self, target: Label, depth: u32) -> Region {
        let bound = self.state.emit.bound();
        Region { start: self.state.emit.here(), target, depth, bound }
    }

    /// Ends the current range of a block's region; `level` is the block's position.
    fn close(&mut self, block: &mut Block<'a>, level: usize) {
        if let Some(region) = block.region() {
            self.state.emit.handle(region.start, region.target, region.depth, region.bound, level as u32);
        }
    }

    fn reopen(&mut self, block: &mut Block<'a>) {
        let here = self.state.emit.here();
        if let Some(region) = block.region() {
            region.start = here;
        }
    }

    /// Leaves the innermost block at its end.
    fn pop_block(&mut self) {
        if let Some(mut block) = self.state.blocks.pop() {
            let level = self.state.blocks.len();
            self.close(&mut block, level);
        }
    }

    /// Emits what belongs to the exit of the innermost block, outside its region.
    fn outside(&mut self, emit: impl FnOnce(&mut Self) -> Done) -> Done {
        let Some(mut block) = self.state.blocks.pop() else { return emit(self) };
        let level = self.state.blocks.len();
        self.close(&mut block, level);
        emit(self)?;
        self.reopen(&mut block);
        self.state.blocks.push(block);
        Ok(())
    }
}

/// Ways out.
impl<'a> Compiler<'a> {
    pub(super) fn return_(&mut self, value: Option<&'a Expr>, span: Span) -> Done {
        if matches!(self.state.kind, CodeKind::Module | CodeKind::Class) {
            return self.error("'return' outside function", span);
        }
        self.check_star(0, span)?;
        self.optional(value)?;
        let passed = self.exit_to(0, true)?;
        self.op(Op::Return);
        self.restore(passed);
        Ok(())
    }

    pub(super) fn leave_loop(&mut self, is_break: bool, span: Span) -> Done {
        let found = self.state.blocks.iter().rposition(|block| matches!(block, Block::Loop { .. }));
        let Some(at) = found else {
            return self.error(if is_break { "'break' outside loop" } else { "'continue' not properly in loop" }, span);
        };
        self.check_star(at, span)?;
        let passed = self.exit_to(at + 1, false)?;
        if let Block::Loop { again, end, depth, end_depth } = self.state.blocks[at] {
            let (label, depth) = if is_break { (end, end_depth) } else { (again, depth) };
            self.drop_to(depth, false);
            self.state.emit.at(span);
            self.state.emit.jump(label);
        }
        self.restore(passed);
        Ok(())
    }

    /// Refuses a way out that would leave the body of an `except*`.
    fn check_star(&mut self, from: usize, span: Span) -> Done {
        if self.state.blocks[from..].iter().any(|block| matches!(block, Block::Star(_))) {
            return self.error("'break', 'continue' and 'return' cannot appear in an except* block", span);
        }
        Ok(())
    }

    /// Emits the exits of all blocks from the innermost down to position `keep`, and takes them away meanwhile.
    fn exit_to(&mut self, keep: usize, has_value: bool) -> Result<Vec<Block<'a>>, super::Stop> {
        let mut passed = Vec::new();
        while self.state.blocks.len() > keep
            && let Some(mut block) = self.state.blocks.pop()
        {
            let level = self.state.blocks.len();
            self.close(&mut block, level);
            self.exit(&block, has_value)?;
            passed.push(block);
        }
        Ok(passed)
    }

    /// Puts the blocks back for the code behind the jump.
    fn restore(&mut self, passed: Vec<Block<'a>>) {
        for mut block in passed.into_iter().rev() {
            self.reopen(&mut block);
            self.state.blocks.push(block);
        }
    }

    fn exit(&mut self, block: &Block<'a>, has_value: bool) -> Done {
        match block {
            Block::Loop { .. } | Block::Guard(_) | Block::Star(_) => {}
            Block::Finally(_, body) => self.stmts(body)?,
            Block::With(_, depth, span) => {
                self.drop_to(depth + 1, has_value);
                if has_value {
                    self.op(Op::Swap);
                }
                self.exit_with_none(*span);
            }
            Block::Handled(_, depth) => {
                self.drop_to(depth + 1, has_value);
                if has_value {
                    self.op(Op::Swap);
                }
                self.op(Op::PopHandled);
            }
            Block::Named(_, name) => {
                let span = self.state.emit.span();
                self.clear_name(name, span)?;
            }
        }
        Ok(())
    }

    /// Drops operands down to `depth`, all under the value on top if there is one.
    fn drop_to(&mut self, depth: u32, has_value: bool) {
        while self.state.emit.is_reachable() && self.state.emit.depth() > depth + u32::from(has_value) {
            if has_value {
                self.op(Op::Swap);
            }
            self.op(Op::Pop);
        }
    }

    /// Calls the `__exit__` on top with three `None`s and drops the result.
    fn exit_with_none(&mut self, span: Span) {
        for _ in 0..3 {
            self.op(Op::LoadNone);
        }
        self.state.emit.at(span);
        self.state.emit.without_pauses(|emit| emit.op_a(Op::Call, 3));
        self.op(Op::Pop);
    }
}

/// The statements.
impl<'a> Compiler<'a> {
    pub(super) fn try_(&mut self, statement: &'a Try, span: Span) -> Done {
        self.nested(span, |this| {
            if statement.finalbody.is_empty() { this.try_except(statement) } else { this.try_finally(statement) }
        })
    }

    fn try_finally(&mut self, statement: &'a Try) -> Done {
        let emit = &mut self.state.emit;
        let (handler, cleanup, end) = (emit.label(), emit.label(), emit.label());
        let depth = emit.depth();
        let region = self.region(handler, depth);
        self.state.blocks.push(Block::Finally(region, &statement.finalbody));
        if statement.handlers.is_empty() {
            self.stmts(&statement.body)?;
        } else {
            self.try_except(statement)?;
        }
        self.pop_block();
        self.stmts(&statement.finalbody)?;
        self.state.emit.jump(end);
        self.state.emit.bind(handler);
        self.op(Op::PushHandled);
        let region = self.region(cleanup, depth + 1);
        self.state.blocks.push(Block::Handled(region, depth));
        self.stmts(&statement.finalbody)?;
        self.pop_block();
        self.cleanup(cleanup);
        self.state.emit.bind(end);
        Ok(())
    }

    /// Where handlers end that did not deal with their exception.
    fn cleanup(&mut self, label: Label) {
        self.state.emit.bind(label);
        self.op(Op::RestoreHandled);
        self.op(Op::Reraise);
    }

    fn try_except(&mut self, statement: &'a Try) -> Done {
        let emit = &mut self.state.emit;
        let (handler, cleanup, end) = (emit.label(), emit.label(), emit.label());
        let depth = emit.depth();
        let region = self.region(handler, depth);
        self.state.blocks.push(Block::Guard(region));
        self.stmts(&statement.body)?;
        self.pop_block();
        self.stmts(&statement.orelse)?;
        self.state.emit.jump(end);
        self.state.emit.bind(handler);
        if self.state.emit.is_reachable() {
            self.op(Op::PushHandled);
            let region = self.region(cleanup, depth + 1);
            self.state.blocks.push(Block::Handled(region, depth));
            if statement.is_star {
                self.star_clauses(&statement.handlers, depth, end)?;
            } else {
                for clause in &statement.handlers {
                    self.except_clause(clause, cleanup, end)?;
                }
            }
            self.pop_block();
            self.cleanup(cleanup);
        }
        self.state.emit.bind(end);
        Ok(())
    }

    fn except_clause(&mut self, clause: &'a ExceptHandler, cleanup: Label, end: Label) -> Done {
        let next = self.state.emit.label();
        if let Some(typ) = &clause.typ {
            self.expr(typ)?;
            self.state.emit.at(clause.span);
            self.op(Op::ExceptionMatches);
            self.state.emit.jump_op(Op::JumpIfFalse, next);
        }
        match &clause.name {
            Some(name) => self.named_body(clause, &name.name, name.span, cleanup, end)?,
            None => {
                self.op(Op::Pop);
                self.stmts(&clause.body)?;
                self.outside(|this| {
                    this.op(Op::PopHandled);
                    this.state.emit.jump(end);
                    Ok(())
                })?;
            }
        }
        self.state.emit.bind(next);
        Ok(())
    }

    /// The clauses of `except*`, between `PushHandled` and `cleanup`. The prelude keeps the account of what was matched and
    /// raised in a list, which a hidden local holds:
    ///
    /// ```text
    ///                      | previous exc
    ///     begin            | previous
    /// clause: match        | previous group-or-None
    ///     PushHandled      | previous exc group
    ///     ...body...       | previous exc             what it raises is added to the account
    /// next: ...
    ///     end              | previous exc-or-None     what is left, or what the bodies raised
    /// ```
    fn star_clauses(&mut self, clauses: &'a [ExceptHandler], depth: u32, end: Label) -> Done {
        let account = self.hidden_local();
        self.helper("begin-group");
        self.op(Op::Swap);
        self.state.emit.op_a(Op::Call, 1);
        self.state.emit.op_ax(Op::StoreLocal, account);
        for clause in clauses {
            self.star_clause(clause, account, depth)?;
        }
        self.helper("end-group");
        self.state.emit.op_ax(Op::LoadLocal, account);
        self.state.emit.op_a(Op::Call, 1);
        self.state.emit.op_ax(Op::ClearLocal, account);
        self.release(account);
        let reraise = self.state.emit.label();
        self.op(Op::Dup);
        self.jump_if_none(false, reraise);
        self.op(Op::Pop);
        self.outside(|this| {
            this.op(Op::PopHandled);
            this.state.emit.jump(end);
            Ok(())
        })?;
        self.state.emit.bind(reraise);
        Ok(())
    }

    fn star_clause(&mut self, clause: &'a ExceptHandler, account: u32, depth: u32) -> Done {
        let emit = &mut self.state.emit;
        let (none, failed, next) = (emit.label(), emit.label(), emit.label());
        self.helper("match-group");
        self.state.emit.op_ax(Op::LoadLocal, account);
        match &clause.typ {
            Some(typ) => self.expr(typ)?,
            None => return self.error("expected one or more exception types", clause.span),
        }
        self.state.emit.at(clause.span);
        self.state.emit.op_a(Op::Call, 2);
        self.op(Op::Dup);
        self.jump_if_none(true, none);
        self.op(Op::PushHandled);
        let region = self.region(failed, depth + 2);
        self.state.blocks.push(Block::Star(region));
        match &clause.name {
            Some(name) => self.named_body(clause, &name.name, name.span, failed, next)?,
            None => {
                self.op(Op::Pop);
                self.stmts(&clause.body)?;
                self.outside(|this| {
                    this.op(Op::PopHandled);
                    this.state.emit.jump(next);
                    Ok(())
                })?;
            }
        }
        self.pop_block();
        self.state.emit.bind(failed);
        if self.state.emit.is_reachable() {
            self.op(Op::RestoreHandled);
            self.helper("add-to-group");
            self.op(Op::Swap);
            self.state.emit.op_ax(Op::LoadLocal, account);
            self.state.emit.op_a(Op::Call, 2);
            self.op(Op::Pop);
            self.state.emit.jump(next);
        }
        self.state.emit.bind(none);
        self.op(Op::Pop);
        self.state.emit.bind(next);
        Ok(())
    }

    /// Pushes a builtin that only compiled code can name.
    fn helper(&mut self, name: &str) {
        let slot = self.global(&Name::from(name));
        self.state.emit.op_ax(Op::LoadGlobal, slot);
    }

    fn named_body(
        &mut self,
        clause: &'a ExceptHandler,
        name: &'a Name,
        span: Span,
        cleanup: Label,
        end: Label,
    ) -> Done {
        let unbind = self.state.emit.label();
        self.store_name(name, span)?;
        let depth = self.state.emit.depth();
        let region = self.region(unbind, depth);
        self.state.blocks.push(Block::Named(region, name));
        self.stmts(&clause.body)?;
        self.pop_block();
        self.outside(|this| {
            this.op(Op::PopHandled);
            this.clear_name(name, span)?;
            this.state.emit.jump(end);
            this.state.emit.bind(unbind);
            this.clear_name(name, span)?;
            this.state.emit.jump(cleanup);
            Ok(())
        })
    }

    pub(super) fn with(&mut self, items: &'a [WithItem], body: &'a [Stmt], span: Span) -> Done {
        let Some((item, rest)) = items.split_first() else { return self.stmts(body) };
        self.nested(span, |this| this.with_item(item, rest, body, span))
    }

    fn with_item(&mut self, item: &'a WithItem, rest: &'a [WithItem], body: &'a [Stmt], span: Span) -> Done {
        self.expr(&item.context_expr)?;
        let depth = self.state.emit.depth() - 1;
        let emit = &mut self.state.emit;
        emit.at(span);
        emit.op(Op::EnterWith);
        let (handler, cleanup, ok, end) = (emit.label(), emit.label(), emit.label(), emit.label());
        let region = self.region(handler, depth + 1);
        self.state.blocks.push(Block::With(region, depth, span));
        match &item.optional_vars {
            Some(target) => self.store(target)?,
            None => self.op(Op::Pop),
        }
        self.with(rest, body, span)?;
        self.pop_block();
        self.exit_with_none(span);
        self.state.emit.jump(end);
        self.state.emit.bind(handler);
        self.op(Op::PushHandled);
        let region = self.region(cleanup, depth + 2);
        self.state.blocks.push(Block::Guard(region));
        self.state.emit.at(span);
        self.op(Op::ExitWith);
        self.state.emit.jump_op(Op::JumpIfTrue, ok);
        self.pop_block();
        self.cleanup(cleanup);
        self.state.emit.bind(ok);
        self.op(Op::Pop);
        self.op(Op::PopHandled);
        self.op(Op::Pop);
        self.state.emit.bind(end);
        Ok(())
    }
}

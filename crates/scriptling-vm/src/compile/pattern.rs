//! `match`: the subject stays on the stack, each case gets a copy.
//!
//! A pattern consumes the value on top when it matches. When it fails it jumps, from whatever depth it is at, to the
//! label of that depth; behind the case these labels stand in a row with a `Pop` between each and the next, so they all
//! end with the stack as it was before the pattern. Captures go to hidden locals first: names are bound only when the
//! whole pattern has matched.

use scriptling_syntax::Span;
use scriptling_syntax::ast::{CmpOp, Constant, Expr, Ident, MatchCase, Pattern, PatternKind};

use super::constant::Const;
use super::emit::Label;
use super::{Compiler, Done};
use crate::op::Op;

/// Where a pattern's failures go: by the number of operands to pop.
struct Failures {
    base: u32,
    labels: Vec<Option<Label>>,
}

impl Failures {
    fn new(base: u32) -> Failures {
        Failures { base, labels: Vec::new() }
    }
}

/// What the patterns of a case have captured so far: names and the hidden locals with their values.
type Captures<'a> = Vec<(&'a Ident, u32)>;

impl<'a> Compiler<'a> {
    pub(super) fn match_(&mut self, subject: &'a Expr, cases: &'a [MatchCase]) -> Done {
        self.expr(subject)?;
        let end = self.state.emit.label();
        for (index, case) in cases.iter().enumerate() {
            if !self.state.emit.is_reachable() {
                break;
            }
            self.case(case, index + 1 == cases.len(), end)?;
        }
        self.state.emit.bind(end);
        Ok(())
    }

    fn case(&mut self, case: &'a MatchCase, is_last: bool, end: Label) -> Done {
        if !is_last {
            self.op(Op::Dup);
        }
        let mut failures = Failures::new(self.state.emit.depth() - 1);
        let mut captures = Captures::new();
        self.pattern(&case.pattern, &mut failures, &mut captures)?;
        for (ident, slot) in captures {
            self.bind_capture(ident, slot)?;
            self.release(slot);
        }
        if let Some(guard) = &case.guard {
            let label = self.failure(&mut failures, 0);
            self.jump_if(guard, false, label)?;
        }
        if !is_last {
            self.op(Op::Pop);
        }
        self.stmts(&case.body)?;
        self.state.emit.jump(end);
        self.bind_failures(failures);
        Ok(())
    }

    fn bind_capture(&mut self, ident: &Ident, slot: u32) -> Done {
        if let (Some(to), Ok(from)) = (self.local_slot(&ident.name), u8::try_from(slot)) {
            self.state.emit.op_abc(Op::MoveLocal, to, from, 0);
            self.state.emit.mark_bound(u32::from(to));
            return Ok(());
        }
        self.state.emit.op_ax(Op::LoadLocal, slot);
        self.store_name(&ident.name, ident.span)
    }

    /// The label for a failure by an instruction that pops `pops` operands.
    fn failure(&mut self, failures: &mut Failures, pops: u32) -> Label {
        let index = (self.state.emit.depth() - pops).saturating_sub(failures.base) as usize;
        if failures.labels.len() <= index {
            failures.labels.resize(index + 1, None);
        }
        *failures.labels[index].get_or_insert_with(|| self.state.emit.label())
    }

    /// Places the labels here: whoever fails arrives with the pattern's operands popped.
    fn bind_failures(&mut self, failures: Failures) {
        for (index, label) in failures.labels.into_iter().enumerate().rev() {
            if let Some(label) = label {
                self.state.emit.bind(label);
            }
            if index > 0 {
                self.op(Op::Pop);
            }
        }
    }

    fn fail_unless_true(&mut self, failures: &mut Failures) {
        let label = self.failure(failures, 1);
        self.state.emit.jump_op(Op::JumpIfFalse, label);
    }

    fn pattern(&mut self, pattern: &'a Pattern, failures: &mut Failures, captures: &mut Captures<'a>) -> Done {
        self.state.emit.at(pattern.span);
        match &pattern.kind {
            PatternKind::MatchValue(value) => {
                self.expr(value)?;
                self.state.emit.at(pattern.span);
                let label = self.failure(failures, 2);
                self.jump_if_pair(CmpOp::Eq, false, label);
                Ok(())
            }
            PatternKind::MatchSingleton(constant) => {
                self.singleton(constant, failures);
                Ok(())
            }
            PatternKind::MatchSequence(patterns) => self.sequence(patterns, pattern.span, failures, captures),
            PatternKind::MatchMapping { keys, patterns, rest } => {
                self.mapping(keys, patterns, rest.as_ref(), pattern.span, failures, captures)
            }
            PatternKind::MatchClass { cls, patterns, kwd_attrs, kwd_patterns } => {
                self.class_pattern(cls, patterns, kwd_attrs, pattern.span, failures)?;
                let all = patterns.iter().chain(kwd_patterns);
                all.into_iter().try_for_each(|pattern| self.pattern(pattern, failures, captures))
            }
            PatternKind::MatchStar(name) => {
                self.capture(name.as_ref(), captures);
                Ok(())
            }
            PatternKind::MatchAs { pattern, name } => {
                if let Some(pattern) = pattern {
                    self.op(Op::Dup);
                    self.pattern(pattern, failures, captures)?;
                }
                self.capture(name.as_ref(), captures);
                Ok(())
            }
            PatternKind::MatchOr(patterns) => self.alternatives(patterns, failures, captures),
        }
    }

    /// Pops the value on top into the hidden local of a name; drops it if there is none.
    fn capture(&mut self, name: Option<&'a Ident>, captures: &mut Captures<'a>) {
        let Some(ident) = name else { return self.op(Op::Pop) };
        // Alternatives bind the same names.
        let known = captures.iter().find(|(other, _)| other.name == ident.name).map(|(_, slot)| *slot);
        let slot = known.unwrap_or_else(|| self.hidden_local());
        if known.is_none() {
            captures.push((ident, slot));
        }
        self.state.emit.store_local(slot);
    }

    fn singleton(&mut self, constant: &Constant, failures: &mut Failures) {
        match constant {
            Constant::True | Constant::False => {
                self.constant(&Const::Bool(matches!(constant, Constant::True)));
                self.state.emit.op_a(Op::Is, 0);
                self.fail_unless_true(failures);
            }
            _ => {
                let label = self.failure(failures, 1);
                self.jump_if_none(false, label);
            }
        }
    }

    fn sequence(
        &mut self,
        patterns: &'a [Pattern],
        span: Span,
        failures: &mut Failures,
        captures: &mut Captures<'a>,
    ) -> Done {
        self.op(Op::MatchSequence);
        self.fail_unless_true(failures);
        let star = patterns.iter().position(|pattern| matches!(pattern.kind, PatternKind::MatchStar(_)));
        let (op, length) = if star.is_some() { (CmpOp::GtE, patterns.len() - 1) } else { (CmpOp::Eq, patterns.len()) };
        if length > 0 || star.is_none() {
            self.op(Op::MatchLength);
            let label = self.failure(failures, 1);
            self.jump_if_length(op, length, false, label);
        }
        match star {
            None if length == 0 => self.op(Op::Pop),
            None => self.state.emit.op_ax(Op::UnpackSequence, length as u32),
            Some(before) => {
                let after = length - before;
                if before > 255 || after > 255 {
                    return self.error("too many expressions in star-unpacking sequence pattern", span);
                }
                self.state.emit.op_abc(Op::UnpackStar, before as u8, after as u8, 0);
            }
        }
        patterns.iter().try_for_each(|pattern| self.pattern(pattern, failures, captures))
    }

    fn class_pattern(
        &mut self,
        cls: &'a Expr,
        patterns: &'a [Pattern],
        kwd_attrs: &'a [Ident],
        span: Span,
        failures: &mut Failures,
    ) -> Done {
        self.expr(cls)?;
        self.text_tuple(kwd_attrs.iter().map(|ident| &ident.name));
        self.state.emit.at(span);
        self.state.emit.op_a(Op::MatchClass, patterns.len() as u32);
        self.op(Op::Dup);
        let label = self.failure(failures, 1);
        self.jump_if_none(true, label);
        let count = patterns.len() + kwd_attrs.len();
        if count == 0 {
            self.op(Op::Pop);
        } else {
            self.state.emit.op_ax(Op::UnpackSequence, count as u32);
        }
        Ok(())
    }

    fn mapping(
        &mut self,
        keys: &'a [Expr],
        patterns: &'a [Pattern],
        rest: Option<&'a Ident>,
        span: Span,
        failures: &mut Failures,
        captures: &mut Captures<'a>,
    ) -> Done {
        self.op(Op::MatchMapping);
        self.fail_unless_true(failures);
        if keys.is_empty() && rest.is_none() {
            self.op(Op::Pop);
            return Ok(());
        }
        self.op(Op::MatchLength);
        let label = self.failure(failures, 1);
        self.jump_if_length(CmpOp::GtE, keys.len(), false, label);
        self.exprs(keys)?;
        self.state.emit.op_ax(Op::BuildTuple, keys.len() as u32);
        self.state.emit.at(span);
        self.op(Op::MatchKeys);
        self.op(Op::Dup);
        let label = self.failure(failures, 1);
        self.jump_if_none(true, label);
        // Stack: subject, keys, values.
        self.state.emit.op_ax(Op::UnpackSequence, keys.len() as u32);
        patterns.iter().try_for_each(|pattern| self.pattern(pattern, failures, captures))?;
        if rest.is_some() {
            self.mapping_rest(keys.len() as u32, span);
            self.capture(rest, captures);
        }
        self.op(Op::Pop);
        self.op(Op::Pop);
        Ok(())
    }

    /// Above subject and keys: pushes a dict of the subject's items without those keys.
    fn mapping_rest(&mut self, keys: u32, span: Span) {
        self.state.emit.at(span);
        self.state.emit.op_ax(Op::BuildDict, 0);
        self.state.emit.op_a(Op::Copy, 2);
        self.op(Op::DictUpdate);
        self.state.emit.op_a(Op::Copy, 1);
        self.state.emit.op_ax(Op::UnpackSequence, keys);
        for remaining in (1..=keys).rev() {
            // Stack: rest, keys that remain to be deleted.
            self.state.emit.op_a(Op::Copy, remaining);
            self.op(Op::Swap);
            self.op(Op::DeleteSubscript);
        }
    }

    fn alternatives(&mut self, patterns: &'a [Pattern], failures: &mut Failures, captures: &mut Captures<'a>) -> Done {
        let matched = self.state.emit.label();
        let base = self.state.emit.depth();
        for pattern in patterns {
            if !self.state.emit.is_reachable() {
                break;
            }
            self.op(Op::Dup);
            let mut inner = Failures::new(base);
            self.pattern(pattern, &mut inner, captures)?;
            self.state.emit.jump(matched);
            self.bind_failures(inner);
        }
        if self.state.emit.is_reachable() {
            let label = self.failure(failures, 0);
            self.state.emit.jump(label);
        }
        self.state.emit.bind(matched);
        self.op(Op::Pop);
        Ok(())
    }
}

//! Conditions: expressions that are only jumped on, compiled to jumps instead of truth values.
//!
//! The fused compare-and-jump ops are what loops spend their time on, so they are looked for first: two certainly bound
//! locals, a local and a small int, the top of the stack and a small int, two operands.

use scriptling_syntax::Span;
use scriptling_syntax::ast::{self, BoolOp, CmpOp, Expr, ExprKind, UnaryOp};

use super::constant::Const;
use super::emit::Label;
use super::expr::{compare_op, small_int};
use super::{Compiler, Done};
use crate::op::{CompareOp, Instruction, Op};

/// The ops of a comparison by what is compared.
struct Fused {
    stack: Op,
    locals: Op,
    local_int: Op,
    stack_int: Op,
    stack_const: Op,
}

fn fused(op: CompareOp) -> Fused {
    let (stack, locals, local_int, stack_int, stack_const) = match op {
        CompareOp::Lt => (Op::LtJump, Op::LtLocalsJump, Op::LtLocalIntJump, Op::LtIntJump, Op::LtConstJump),
        CompareOp::Le => (Op::LeJump, Op::LeLocalsJump, Op::LeLocalIntJump, Op::LeIntJump, Op::LeConstJump),
        CompareOp::Gt => (Op::GtJump, Op::GtLocalsJump, Op::GtLocalIntJump, Op::GtIntJump, Op::GtConstJump),
        CompareOp::Ge => (Op::GeJump, Op::GeLocalsJump, Op::GeLocalIntJump, Op::GeIntJump, Op::GeConstJump),
        CompareOp::Eq => (Op::EqJump, Op::EqLocalsJump, Op::EqLocalIntJump, Op::EqIntJump, Op::EqConstJump),
        CompareOp::Ne => (Op::NeJump, Op::NeLocalsJump, Op::NeLocalIntJump, Op::NeIntJump, Op::NeConstJump),
    };
    Fused { stack, locals, local_int, stack_int, stack_const }
}

impl<'a> Compiler<'a> {
    /// Jumps to `label` if the truth of `expr` is `sense`, else goes on behind. Leaves nothing on the stack.
    pub(super) fn jump_if(&mut self, expr: &'a Expr, sense: bool, label: Label) -> Done {
        match &expr.kind {
            ExprKind::UnaryOp { op: UnaryOp::Not, operand } => self.jump_if(operand, !sense, label),
            ExprKind::BoolOp { op, values } => self.jump_if_bool(*op, values, sense, label),
            ExprKind::Compare { left, rest } => self.jump_if_compare(expr.span, left, rest, sense, label),
            _ => self.jump_if_value(expr, sense, label),
        }
    }

    fn jump_if_value(&mut self, expr: &'a Expr, sense: bool, label: Label) -> Done {
        if let Some(constant) = Const::of(expr) {
            if constant.truth() == sense {
                self.state.emit.jump(label);
            }
            return Ok(());
        }
        if let Some(slot) = self.fusable(expr) {
            self.state.emit.at(expr.span);
            self.state.emit.jump_with(Instruction::abc(Op::LocalJump, u8::from(sense), slot, 0), label);
            return Ok(());
        }
        self.expr(expr)?;
        self.state.emit.at(expr.span);
        self.jump_if_top(sense, label);
        Ok(())
    }

    fn jump_if_top(&mut self, sense: bool, label: Label) {
        self.state.emit.jump_op(if sense { Op::JumpIfTrue } else { Op::JumpIfFalse }, label);
    }

    fn jump_if_bool(&mut self, op: BoolOp, values: &'a [Expr], sense: bool, label: Label) -> Done {
        let Some((last, rest)) = values.split_last() else { return Ok(()) };
        // `and` is decided by the first false operand, `or` by the first true one.
        let deciding = op == BoolOp::Or;
        if deciding == sense {
            for value in rest {
                self.jump_if(value, sense, label)?;
            }
            return self.jump_if(last, sense, label);
        }
        let skip = self.state.emit.label();
        for value in rest {
            self.jump_if(value, deciding, skip)?;
        }
        self.jump_if(last, sense, label)?;
        self.state.emit.bind(skip);
        Ok(())
    }

    fn jump_if_compare(
        &mut self,
        span: Span,
        left: &'a Expr,
        rest: &'a [(CmpOp, Expr)],
        sense: bool,
        label: Label,
    ) -> Done {
        let Some(((op, last), middle)) = rest.split_last() else { return Ok(()) };
        if middle.is_empty() {
            return self.jump_if_one(span, left, *op, last, sense, label);
        }
        self.expr(left)?;
        let (fail, end) = (self.state.emit.label(), self.state.emit.label());
        for (op, right) in middle {
            self.expr(right)?;
            self.op(Op::Dup);
            self.op(Op::Rot3);
            self.state.emit.at(span);
            self.jump_if_pair(*op, false, fail);
        }
        self.right_operand(*op, last)?;
        self.state.emit.at(span);
        self.jump_if_pair(*op, sense, label);
        self.state.emit.jump(end);
        self.state.emit.bind(fail);
        self.op(Op::Pop);
        if !sense {
            self.state.emit.jump(label);
        }
        self.state.emit.bind(end);
        Ok(())
    }

    fn jump_if_one(
        &mut self,
        span: Span,
        left: &'a Expr,
        op: CmpOp,
        right: &'a Expr,
        sense: bool,
        label: Label,
    ) -> Done {
        let Some(compare) = compare_op(op) else { return self.jump_if_is_or_in(span, left, op, right, sense, label) };
        let ops = fused(compare);
        let flag = u8::from(sense);
        let local = self.fusable(left);
        if let (Some(a), Some(b)) = (local, self.fusable(right)) {
            self.state.emit.at(span);
            self.state.emit.jump_with(Instruction::abc(ops.locals, flag, a, b), label);
            return Ok(());
        }
        if let Some(value) = small_int(right) {
            if let Some(slot) = local {
                self.state.emit.at(span);
                self.state.emit.jump_with(Instruction::abc(ops.local_int, flag, slot, value as u8), label);
                return Ok(());
            }
            self.expr(left)?;
            self.state.emit.at(span);
            self.state.emit.jump_with(Instruction::abc(ops.stack_int, flag, 0, value as u8), label);
            return Ok(());
        }
        if let (Some(slot), CompareOp::Eq) = (local, compare)
            && let Some(index) = self.short_constant(right)
        {
            self.state.emit.at(span);
            let op = if sense { Op::LocalEqConstJumpIfTrue } else { Op::LocalEqConstJumpIfFalse };
            self.state.emit.jump_with(Instruction::abx(op, slot, index), label);
            return Ok(());
        }
        self.expr(left)?;
        if let Some(index) = self.short_constant(right) {
            self.state.emit.at(span);
            self.state.emit.jump_with(Instruction::abx(ops.stack_const, flag, index), label);
            return Ok(());
        }
        self.expr(right)?;
        self.state.emit.at(span);
        self.jump_if_pair(op, sense, label);
        Ok(())
    }

    /// Compares the two operands on the stack and jumps.
    pub(super) fn jump_if_pair(&mut self, op: CmpOp, sense: bool, label: Label) {
        if let Some(op) = compare_op(op) {
            return self.state.emit.jump_with(Instruction::abc(fused(op).stack, u8::from(sense), 0, 0), label);
        }
        self.compare_op(op);
        self.jump_if_top(sense, label);
    }

    fn jump_if_is_or_in(
        &mut self,
        span: Span,
        left: &'a Expr,
        op: CmpOp,
        right: &'a Expr,
        sense: bool,
        label: Label,
    ) -> Done {
        self.expr(left)?;
        if matches!(right.kind, ExprKind::Constant(ast::Constant::None)) && matches!(op, CmpOp::Is | CmpOp::IsNot) {
            self.state.emit.at(span);
            self.jump_if_none(sense == (op == CmpOp::Is), label);
            return Ok(());
        }
        self.right_operand(op, right)?;
        self.state.emit.at(span);
        // `x not in y` jumped on: the negation goes into the sense.
        let (op, sense) = match op {
            CmpOp::NotIn => (CmpOp::In, !sense),
            CmpOp::IsNot => (CmpOp::Is, !sense),
            _ => (op, sense),
        };
        self.compare_op(op);
        self.jump_if_top(sense, label);
        Ok(())
    }

    /// Pops, and jumps if whether it is `None` is `sense`.
    pub(super) fn jump_if_none(&mut self, sense: bool, label: Label) {
        self.state.emit.jump_with(Instruction::abc(Op::NoneJump, u8::from(sense), 0, 0), label);
    }

    /// Pops an int and compares it with a number that need not be small.
    pub(super) fn jump_if_length(&mut self, op: CmpOp, length: usize, sense: bool, label: Label) {
        match (i8::try_from(length), compare_op(op)) {
            (Ok(value), Some(op)) => {
                let instruction = Instruction::abc(fused(op).stack_int, u8::from(sense), 0, value as u8);
                self.state.emit.jump_with(instruction, label);
            }
            _ => {
                self.constant(&Const::Int(length as i64));
                self.jump_if_pair(op, sense, label);
            }
        }
    }
}

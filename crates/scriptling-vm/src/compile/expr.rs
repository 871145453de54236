//! Expressions: names, constants, operators, displays, f-strings.
//!
//! Each function leaves exactly one more operand on the stack. `expr` is the recursion over deep trees: the arms only
//! call, so that its frame stays small.

use scriptling_syntax::Span;
use scriptling_syntax::ast::{
    self, BoolOp, CmpOp, Conversion, DictItem, Expr, ExprKind, Ident, Name, Operator, UnaryOp,
};

use super::constant::Const;
use super::scope::Binding;
use super::{Compiler, Done};
use crate::op::{BinaryOp, CompareOp, Instruction, Op};

/// Displays longer than this are built piece by piece, so that a table of 10,000 numbers needs no stack of that height.
const MAX_ON_STACK: usize = 32;

/// Comparisons whose fused forms exist.
pub(super) fn compare_op(op: CmpOp) -> Option<CompareOp> {
    Some(match op {
        CmpOp::Lt => CompareOp::Lt,
        CmpOp::LtE => CompareOp::Le,
        CmpOp::Gt => CompareOp::Gt,
        CmpOp::GtE => CompareOp::Ge,
        CmpOp::Eq => CompareOp::Eq,
        CmpOp::NotEq => CompareOp::Ne,
        CmpOp::Is | CmpOp::IsNot | CmpOp::In | CmpOp::NotIn => return None,
    })
}

/// The operator's number.
pub(super) fn binary_op(op: Operator) -> BinaryOp {
    match op {
        Operator::Add => BinaryOp::Add,
        Operator::Sub => BinaryOp::Sub,
        Operator::Mult => BinaryOp::Mul,
        Operator::MatMult => BinaryOp::MatMul,
        Operator::Div => BinaryOp::TrueDiv,
        Operator::Mod => BinaryOp::Mod,
        Operator::Pow => BinaryOp::Pow,
        Operator::LShift => BinaryOp::LShift,
        Operator::RShift => BinaryOp::RShift,
        Operator::BitOr => BinaryOp::BitOr,
        Operator::BitXor => BinaryOp::BitXor,
        Operator::BitAnd => BinaryOp::BitAnd,
        Operator::FloorDiv => BinaryOp::FloorDiv,
    }
}

impl<'a> Compiler<'a> {
    /// Pushes the value of an expression.
    pub(super) fn expr(&mut self, expr: &'a Expr) -> Done {
        match &expr.kind {
            ExprKind::Name(name) => self.load_name(name, expr.span),
            ExprKind::Constant(constant) => self.literal(constant, expr.span),
            ExprKind::BinOp { left, op, right } => self.binary(expr, left, *op, right),
            ExprKind::Attribute { value, attr } => self.attribute(expr.span, value, attr),
            ExprKind::Call(call) => self.call(call, expr.span),
            ExprKind::Subscript { value, slice } => self.subscript(expr.span, value, slice),
            ExprKind::Compare { left, rest } => self.compare(expr.span, left, rest),
            ExprKind::UnaryOp { op, operand } => self.unary(expr, *op, operand),
            ExprKind::BoolOp { op, values } => self.bool_op(*op, values),
            ExprKind::IfExp { test, body, orelse } => self.conditional(test, body, orelse),
            _ => self.other_expr(expr),
        }
    }

    #[inline(never)]
    fn other_expr(&mut self, expr: &'a Expr) -> Done {
        match &expr.kind {
            ExprKind::Tuple(items) => self.tuple(items, expr.span),
            ExprKind::List(items) => self.list(items, expr.span),
            ExprKind::Set(items) => self.set(items, expr.span),
            ExprKind::Dict(items) => self.dict(items, expr.span),
            ExprKind::NamedExpr { target, value } => {
                self.expr(value)?;
                self.op(Op::Dup);
                self.store_name(&target.name, target.span)
            }
            ExprKind::Lambda { args, body } => self.lambda(expr, args, body),
            ExprKind::ListComp { .. }
            | ExprKind::SetComp { .. }
            | ExprKind::DictComp { .. }
            | ExprKind::GeneratorExp { .. } => self.comprehension(expr),
            ExprKind::Yield(value) => self.yield_(value.as_deref(), expr.span),
            ExprKind::YieldFrom(value) => self.yield_from(value, expr.span),
            ExprKind::JoinedStr(parts) => self.joined(parts, expr.span),
            ExprKind::FormattedValue { .. } => self.formatted(expr, expr.span),
            ExprKind::Slice { lower, upper, step } => self.slice(lower.as_deref(), upper.as_deref(), step.as_deref()),
            ExprKind::Await(_) => self.unsupported("'await' is", expr.span),
            ExprKind::Starred(_) => self.error("can't use starred expression here", expr.span),
            // The arms of `expr`.
            _ => Ok(()),
        }
    }

    pub(super) fn optional(&mut self, expr: Option<&'a Expr>) -> Done {
        match expr {
            Some(expr) => self.expr(expr),
            None => {
                self.op(Op::LoadNone);
                Ok(())
            }
        }
    }

    fn literal(&mut self, constant: &ast::Constant, span: Span) -> Done {
        match Const::literal(constant) {
            Some(constant) => {
                self.constant(&constant);
                Ok(())
            }
            None => self.unsupported("complex numbers are", span),
        }
    }
}

/// Names and attributes.
impl<'a> Compiler<'a> {
    pub(super) fn load_name(&mut self, name: &Name, span: Span) -> Done {
        let name = &self.mangle(name);
        self.state.emit.at(span);
        match self.scope().binding(name) {
            Binding::Local(slot) => self.state.emit.load_local(slot),
            Binding::Cell(slot) => self.state.emit.op_ax(Op::LoadCell, slot),
            Binding::Free(index) => self.state.emit.op_ax(Op::LoadFree, index),
            Binding::Global => {
                let slot = self.global(name);
                self.state.emit.op_ax(Op::LoadGlobal, slot);
            }
            Binding::Name => {
                let index = self.state.emit.name(name);
                self.state.emit.op_ax(Op::LoadName, index);
            }
            Binding::NameOrFree(free) => {
                let index = self.state.emit.name(name);
                self.state.emit.op_abx(Op::LoadNameOrFree, free, index);
            }
        }
        Ok(())
    }

    /// The slot of a name that is a certainly bound local below 256: what fused ops can address.
    pub(super) fn fusable(&self, expr: &Expr) -> Option<u8> {
        let ExprKind::Name(name) = &expr.kind else { return None };
        let slot = self.local_slot(name)?;
        self.state.emit.is_bound(u32::from(slot)).then_some(slot)
    }

    /// The slot of a name that is a local below 256, bound or not.
    pub(super) fn local_slot(&self, name: &Name) -> Option<u8> {
        let scope = self.scope();
        let binding = if scope.private.is_none() { scope.binding(name) } else { scope.binding(&scope.mangle(name)) };
        match binding {
            Binding::Local(slot) => u8::try_from(slot).ok(),
            _ => None,
        }
    }

    fn attribute(&mut self, span: Span, value: &'a Expr, attr: &Ident) -> Done {
        let name = self.mangle(&attr.name);
        let receiver = self.fusable(value);
        if receiver.is_none() {
            self.expr(value)?;
        }
        self.state.emit.at(self.attribute_span(span, attr));
        self.attribute_op(receiver, Op::LoadAttrLocal, Op::LoadAttr, &name);
        Ok(())
    }

    /// The form of an attribute op for a certainly bound local, if there is one and the operands fit, else the general form
    /// (with the local loaded).
    pub(super) fn attribute_op(&mut self, receiver: Option<u8>, fused: Op, general: Op, name: &Name) {
        if let Some(slot) = receiver {
            if self.state.emit.next_cache_site() <= 0xffff {
                let site = self.state.emit.cache_site(name);
                return self.state.emit.op_abx(fused, u32::from(slot), site);
            }
            self.state.emit.load_local(u32::from(slot));
        }
        let site = self.state.emit.cache_site(name);
        self.state.emit.op_ax(general, site);
    }

    /// A chain of calls over several lines is reported at the line of the attribute, as CPython does.
    pub(super) fn attribute_span(&self, span: Span, attr: &Ident) -> Span {
        let gap = Span::new(span.start, attr.span.start);
        if gap.slice(self.source.text()).contains('\n') { Span::new(attr.span.start, span.end) } else { span }
    }

    fn subscript(&mut self, span: Span, value: &'a Expr, slice: &'a Expr) -> Done {
        let place = (span, Some(subscript_anchor(span, value)));
        if let Some(key) = self.fusable(slice) {
            if let Some(container) = self.fusable(value) {
                self.at_place(place);
                self.state.emit.op_abc(Op::LoadSubscriptLocals, 0, container, key);
                return Ok(());
            }
            self.expr(value)?;
            // The value may be what binds the key, or unbinds it.
            if self.fusable(slice) == Some(key) {
                self.at_place(place);
                self.state.emit.op_abc(Op::LoadSubscriptLocal, 0, key, 0);
                return Ok(());
            }
        } else {
            self.expr(value)?;
        }
        if let Some(index) = small_int(slice) {
            self.at_place(place);
            self.state.emit.push(Instruction::with_sax(Op::LoadSubscriptInt, i32::from(index)));
            return Ok(());
        }
        self.expr(slice)?;
        self.at_place(place);
        self.op(Op::LoadSubscript);
        Ok(())
    }

    fn slice(&mut self, lower: Option<&'a Expr>, upper: Option<&'a Expr>, step: Option<&'a Expr>) -> Done {
        self.optional(lower)?;
        self.optional(upper)?;
        if let Some(step) = step {
            self.expr(step)?;
        }
        self.state.emit.op_a(Op::BuildSlice, if step.is_some() { 3 } else { 2 });
        Ok(())
    }
}

/// The brackets of a subscript, which tracebacks mark.
pub(super) fn subscript_anchor(span: Span, value: &Expr) -> Span {
    Span::new(value.span.end, span.end)
}

/// Operators.
impl<'a> Compiler<'a> {
    fn binary(&mut self, expr: &'a Expr, left: &'a Expr, op: Operator, right: &'a Expr) -> Done {
        if let Some(constant) = Const::of(expr) {
            self.constant(&constant);
            return Ok(());
        }
        let anchor = self.operator_anchor(left, right);
        if let Some((int, locals)) = fused_arithmetic(op)
            && let Some(slot) = self.fusable(left)
        {
            if let Some(value) = small_int(right) {
                self.state.emit.at_anchor(expr.span, anchor);
                self.state.emit.op_abc(int, 0, slot, value as u8);
                return Ok(());
            }
            if let Some(other) = self.fusable(right) {
                self.state.emit.at_anchor(expr.span, anchor);
                self.state.emit.op_abc(locals, 0, slot, other);
                return Ok(());
            }
        }
        self.expr(left)?;
        self.right_and_operator(op, false, right, expr.span, Some(anchor))
    }

    /// Evaluates the right operand of an operator whose left one is on the stack, and the operator, in one op if there is one.
    pub(super) fn right_and_operator(
        &mut self,
        op: Operator,
        augmented: bool,
        right: &'a Expr,
        span: Span,
        anchor: Option<Span>,
    ) -> Done {
        let place = (span, anchor);
        if let Some((local, constant)) = operators_of_top(op) {
            if let Some(slot) = self.fusable(right) {
                self.at_place(place);
                self.state.emit.op_abc(local, u8::from(augmented), slot, 0);
                return Ok(());
            }
            if let Some(index) = self.short_constant(right) {
                self.at_place(place);
                self.state.emit.op_abx(constant, u32::from(augmented), u32::from(index));
                return Ok(());
            }
        }
        self.expr(right)?;
        self.at_place(place);
        self.binary_op(op, augmented);
        Ok(())
    }

    fn at_place(&mut self, (span, anchor): (Span, Option<Span>)) {
        match anchor {
            Some(anchor) => self.state.emit.at_anchor(span, anchor),
            None => self.state.emit.at(span),
        }
    }

    /// The index of a literal, if the 16 bits of a fused op can hold it.
    pub(super) fn short_constant(&mut self, expr: &Expr) -> Option<u16> {
        let value = self.constants.value(&Const::of(expr)?);
        u16::try_from(self.state.emit.constant(value)).ok()
    }

    /// The operator on the two operands on the stack.
    pub(super) fn binary_op(&mut self, op: Operator, augmented: bool) {
        let flag = u8::from(augmented);
        match op {
            Operator::Add => self.state.emit.op_abc(Op::Add, flag, 0, 0),
            Operator::Sub => self.state.emit.op_abc(Op::Sub, flag, 0, 0),
            Operator::Mult => self.state.emit.op_abc(Op::Mul, flag, 0, 0),
            Operator::Div => self.state.emit.op_abc(Op::TrueDiv, flag, 0, 0),
            Operator::FloorDiv => self.state.emit.op_abc(Op::FloorDiv, flag, 0, 0),
            Operator::Mod => self.state.emit.op_abc(Op::Mod, flag, 0, 0),
            _ => self.state.emit.op_abc(Op::Binary, binary_op(op) as u8, flag, 0),
        }
    }

    /// The operator between two operands: the first thing there that is no space, bracket, comment or line continuation.
    pub(super) fn operator_anchor(&self, left: &Expr, right: &Expr) -> Span {
        let between = Span::new(left.span.end, right.span.start);
        let text = between.slice(self.source.text());
        let mut bytes = text.bytes().enumerate();
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b'#' => while bytes.next().is_some_and(|(_, byte)| byte != b'\n') {},
                b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b')' | b'\\' => {}
                _ => {
                    let start = between.start + at as u32;
                    let second = text.as_bytes().get(at + 1).copied();
                    let length =
                        if second.is_some_and(|second| b"*/<>".contains(&byte) && second == byte) { 2 } else { 1 };
                    return Span::new(start, start + length);
                }
            }
        }
        between
    }

    fn unary(&mut self, expr: &'a Expr, op: UnaryOp, operand: &'a Expr) -> Done {
        if let Some(constant) = Const::of(expr) {
            self.constant(&constant);
            return Ok(());
        }
        self.expr(operand)?;
        self.state.emit.at(expr.span);
        self.op(match op {
            UnaryOp::Invert => Op::Invert,
            UnaryOp::Not => Op::Not,
            UnaryOp::UAdd => Op::Positive,
            UnaryOp::USub => Op::Negate,
        });
        Ok(())
    }

    fn bool_op(&mut self, op: BoolOp, values: &'a [Expr]) -> Done {
        let end = self.state.emit.label();
        let jump = match op {
            BoolOp::And => Op::JumpIfFalseOrPop,
            BoolOp::Or => Op::JumpIfTrueOrPop,
        };
        let Some((last, rest)) = values.split_last() else { return Ok(()) };
        for value in rest {
            self.expr(value)?;
            self.state.emit.at(value.span);
            self.state.emit.jump_op(jump, end);
        }
        self.expr(last)?;
        self.state.emit.bind(end);
        Ok(())
    }

    fn conditional(&mut self, test: &'a Expr, body: &'a Expr, orelse: &'a Expr) -> Done {
        let (otherwise, end) = (self.state.emit.label(), self.state.emit.label());
        self.jump_if(test, false, otherwise)?;
        // A constant test leaves only one branch reachable; the depth of the other must not leak out of it.
        if self.state.emit.is_reachable() {
            self.expr(body)?;
            self.state.emit.jump(end);
        }
        self.state.emit.bind(otherwise);
        if self.state.emit.is_reachable() {
            self.expr(orelse)?;
        }
        self.state.emit.bind(end);
        Ok(())
    }

    fn compare(&mut self, span: Span, left: &'a Expr, rest: &'a [(CmpOp, Expr)]) -> Done {
        self.expr(left)?;
        let Some(((op, last), middle)) = rest.split_last() else { return Ok(()) };
        if middle.is_empty() {
            self.right_operand(*op, last)?;
            self.state.emit.at(span);
            self.compare_op(*op);
            return Ok(());
        }
        // Stack: the left operand of the next comparison.
        let (fail, end) = (self.state.emit.label(), self.state.emit.label());
        for (op, right) in middle {
            self.expr(right)?;
            self.op(Op::Dup);
            self.op(Op::Rot3);
            self.state.emit.at(span);
            self.compare_op(*op);
            self.state.emit.jump_op(Op::JumpIfFalseOrPop, fail);
        }
        self.right_operand(*op, last)?;
        self.state.emit.at(span);
        self.compare_op(*op);
        self.state.emit.jump(end);
        self.state.emit.bind(fail);
        self.op(Op::Swap);
        self.op(Op::Pop);
        self.state.emit.bind(end);
        Ok(())
    }

    /// The right side of a comparison; what `in` searches may be a constant tuple instead of a list or set display.
    pub(super) fn right_operand(&mut self, op: CmpOp, right: &'a Expr) -> Done {
        if matches!(op, CmpOp::In | CmpOp::NotIn) { self.iterated(right) } else { self.expr(right) }
    }

    /// An expression that is only iterated or searched: a display of constants becomes a constant tuple.
    pub(super) fn iterated(&mut self, expr: &'a Expr) -> Done {
        if let ExprKind::List(items) | ExprKind::Set(items) = &expr.kind
            && let Some(constant) = Const::tuple(items)
        {
            self.constant(&constant);
            return Ok(());
        }
        self.expr(expr)
    }

    /// A comparison of the two operands on the stack.
    pub(super) fn compare_op(&mut self, op: CmpOp) {
        match compare_op(op) {
            Some(op) => self.state.emit.op_abc(Op::Compare, op as u8, 0, 0),
            None => match op {
                CmpOp::In | CmpOp::NotIn => self.state.emit.op_a(Op::Contains, u32::from(op == CmpOp::NotIn)),
                _ => self.state.emit.op_a(Op::Is, u32::from(op == CmpOp::IsNot)),
            },
        }
    }
}

/// A small int literal, for fused ops.
pub(super) fn small_int(expr: &Expr) -> Option<i8> {
    match &expr.kind {
        ExprKind::Constant(ast::Constant::Int(value)) => i8::try_from(*value).ok(),
        ExprKind::UnaryOp { op: UnaryOp::USub, operand } => match &operand.kind {
            ExprKind::Constant(ast::Constant::Int(value)) => i8::try_from(value.checked_neg()?).ok(),
            _ => None,
        },
        _ => None,
    }
}

/// The fused ops of local-and-int and of local-and-local for an operator.
pub(super) fn fused_arithmetic(op: Operator) -> Option<(Op, Op)> {
    match op {
        Operator::Add => Some((Op::AddLocalInt, Op::AddLocals)),
        Operator::Sub => Some((Op::SubLocalInt, Op::SubLocals)),
        Operator::Mult => Some((Op::MulLocalInt, Op::MulLocals)),
        _ => None,
    }
}

/// The ops of top-and-local and of top-and-constant for an operator.
fn operators_of_top(op: Operator) -> Option<(Op, Op)> {
    match op {
        Operator::Add => Some((Op::AddLocal, Op::AddConst)),
        Operator::Sub => Some((Op::SubLocal, Op::SubConst)),
        Operator::Mult => Some((Op::MulLocal, Op::MulConst)),
        Operator::Div => Some((Op::TrueDivLocal, Op::TrueDivConst)),
        Operator::FloorDiv => Some((Op::FloorDivLocal, Op::FloorDivConst)),
        Operator::Mod => Some((Op::ModLocal, Op::ModConst)),
        _ => None,
    }
}

/// Displays.
impl<'a> Compiler<'a> {
    fn tuple(&mut self, items: &'a [Expr], span: Span) -> Done {
        if let Some(constant) = Const::tuple(items) {
            self.constant(&constant);
            return Ok(());
        }
        if items.len() <= MAX_ON_STACK && !has_star(items) {
            self.exprs(items)?;
            self.state.emit.op_ax(Op::BuildTuple, items.len() as u32);
            return Ok(());
        }
        self.list_pieces(items, 0, span)?;
        self.op(Op::ListToTuple);
        Ok(())
    }

    fn list(&mut self, items: &'a [Expr], span: Span) -> Done {
        if items.len() > 2
            && let Some(constant) = Const::tuple(items)
        {
            self.state.emit.op_ax(Op::BuildList, 0);
            self.constant(&constant);
            self.state.emit.op_a(Op::ListExtend, 0);
            return Ok(());
        }
        if items.len() <= MAX_ON_STACK && !has_star(items) {
            self.exprs(items)?;
            self.state.emit.op_ax(Op::BuildList, items.len() as u32);
            return Ok(());
        }
        self.list_pieces(items, 0, span)
    }

    pub(super) fn exprs(&mut self, items: &'a [Expr]) -> Done {
        items.iter().try_for_each(|item| self.expr(item))
    }

    /// A list of many items, or with `*items` among them, built piece by piece. `callee` is where the callee is below the
    /// list if these are the arguments of a call, else 0.
    pub(super) fn list_pieces(&mut self, items: &'a [Expr], callee: u32, span: Span) -> Done {
        let plain = items.iter().take_while(|item| !is_star(item)).count().min(MAX_ON_STACK);
        self.exprs(&items[..plain])?;
        self.state.emit.op_ax(Op::BuildList, plain as u32);
        self.extend_list(&items[plain..], callee, span)
    }

    /// Appends items, and the items of `*items`, to the list on the stack; see [`Compiler::list_pieces`].
    pub(super) fn extend_list(&mut self, items: &'a [Expr], callee: u32, span: Span) -> Done {
        for item in items {
            if let ExprKind::Starred(inner) = &item.kind {
                self.expr(inner)?;
                self.state.emit.at(span);
                self.state.emit.op_a(Op::ListExtend, callee);
            } else {
                self.expr(item)?;
                self.state.emit.op_a(Op::ListAppend, 0);
            }
        }
        Ok(())
    }

    fn set(&mut self, items: &'a [Expr], span: Span) -> Done {
        let plain = items.iter().take_while(|item| !is_star(item)).count().min(MAX_ON_STACK);
        self.exprs(&items[..plain])?;
        self.state.emit.at(span);
        self.state.emit.op_ax(Op::BuildSet, plain as u32);
        for item in &items[plain..] {
            if let ExprKind::Starred(inner) = &item.kind {
                self.expr(inner)?;
                self.state.emit.at(span);
                self.op(Op::SetUpdate);
            } else {
                self.expr(item)?;
                self.state.emit.at(span);
                self.state.emit.op_a(Op::SetAdd, 0);
            }
        }
        Ok(())
    }

    fn dict(&mut self, items: &'a [DictItem], span: Span) -> Done {
        let plain = items.iter().take_while(|item| item.key.is_some()).count().min(MAX_ON_STACK);
        for item in &items[..plain] {
            self.optional(item.key.as_ref())?;
            self.expr(&item.value)?;
        }
        self.state.emit.at(span);
        self.state.emit.op_ax(Op::BuildDict, plain as u32);
        for item in &items[plain..] {
            match &item.key {
                Some(key) => {
                    self.expr(key)?;
                    self.expr(&item.value)?;
                    self.state.emit.at(span);
                    self.state.emit.op_a(Op::DictAdd, 0);
                }
                None => {
                    self.expr(&item.value)?;
                    self.state.emit.at(span);
                    self.op(Op::DictUpdate);
                }
            }
        }
        Ok(())
    }
}

fn is_star(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Starred(_))
}

/// Whether `*items` is among the items.
pub(super) fn has_star(items: &[Expr]) -> bool {
    items.iter().any(is_star)
}

/// F-strings and generators' expressions.
impl<'a> Compiler<'a> {
    fn joined(&mut self, parts: &'a [Expr], span: Span) -> Done {
        if parts.is_empty() {
            self.constant(&Const::text(""));
            return Ok(());
        }
        for (done, part) in parts.iter().enumerate() {
            self.formatted(part, span)?;
            if done > 0 && done % MAX_ON_STACK == 0 {
                self.state.emit.op_ax(Op::BuildString, MAX_ON_STACK as u32 + 1);
            }
        }
        let pending = (parts.len() - 1) % MAX_ON_STACK + 1;
        if pending > 1 {
            self.state.emit.op_ax(Op::BuildString, pending as u32);
        }
        Ok(())
    }

    /// One part of an f-string: literal text, or a value turned into text.
    fn formatted(&mut self, part: &'a Expr, span: Span) -> Done {
        let ExprKind::FormattedValue { value, conversion, format_spec } = &part.kind else { return self.expr(part) };
        self.expr(value)?;
        if let Some(spec) = format_spec {
            self.expr(spec)?;
        }
        let conversion = match conversion {
            None => 0,
            Some(Conversion::Str) => 1,
            Some(Conversion::Repr) => 2,
            Some(Conversion::Ascii) => 3,
        };
        self.state.emit.at(span);
        self.state.emit.op_abc(Op::FormatValue, conversion, u8::from(format_spec.is_some()), 0);
        Ok(())
    }

    fn yield_(&mut self, value: Option<&'a Expr>, span: Span) -> Done {
        self.optional(value)?;
        self.state.emit.at(span);
        self.state.emit.op_a(Op::YieldValue, 0);
        Ok(())
    }

    fn yield_from(&mut self, value: &'a Expr, span: Span) -> Done {
        let (step, end) = (self.state.emit.label(), self.state.emit.label());
        self.expr(value)?;
        self.state.emit.at(span);
        self.op(Op::GetIter);
        self.op(Op::LoadNone);
        self.state.emit.bind(step);
        self.state.emit.jump_op(Op::Send, end);
        self.state.emit.op_a(Op::YieldValue, 1);
        self.state.emit.jump(step);
        self.state.emit.bind(end);
        Ok(())
    }
}

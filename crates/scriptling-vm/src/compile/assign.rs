//! Assignment: stores into names, attributes, subscripts and unpackings; augmented and annotated forms; `del`.
//!
//! A store finds the value on top of the stack and pops it; what the target needs is evaluated after the value, as in
//! CPython. Locals are stored by the fused operator-and-store ops where one exists.

use scriptling_syntax::Span;
use scriptling_syntax::ast::{Expr, ExprKind, Ident, Name, Operator};

use super::expr::{fused_arithmetic, has_star, small_int, subscript_anchor};
use super::scope::{Binding, ScopeKind};
use super::{Compiler, Done};
use crate::op::{Common, Op};

/// The fused forms of an operator whose result goes to a local.
struct FusedStore {
    /// `a = b op int`
    local_int: Option<Op>,
    /// `a = b op c`
    locals: Op,
    /// `a = stack op stack`
    stack: Op,
    /// `a op= int`
    assign_int: Option<Op>,
    /// `a op= b`
    assign: Op,
}

fn fused_store(op: Operator) -> Option<FusedStore> {
    match op {
        Operator::Add => Some(FusedStore {
            local_int: Some(Op::AddLocalIntStore),
            locals: Op::AddLocalsStore,
            stack: Op::AddStore,
            assign_int: Some(Op::AddIntAssign),
            assign: Op::AddAssign,
        }),
        Operator::Sub => Some(FusedStore {
            local_int: Some(Op::SubLocalIntStore),
            locals: Op::SubLocalsStore,
            stack: Op::SubStore,
            assign_int: Some(Op::SubIntAssign),
            assign: Op::SubAssign,
        }),
        Operator::Mult => Some(FusedStore {
            local_int: None,
            locals: Op::MulLocalsStore,
            stack: Op::MulStore,
            assign_int: None,
            assign: Op::MulAssign,
        }),
        _ => None,
    }
}

/// Plain assignment.
impl<'a> Compiler<'a> {
    pub(super) fn assign(&mut self, targets: &'a [Expr], value: &'a Expr) -> Done {
        if let [target] = targets {
            return self.assign_one(target, value);
        }
        self.expr(value)?;
        for (index, target) in targets.iter().enumerate() {
            if index + 1 < targets.len() {
                self.op(Op::Dup);
            }
            self.store(target)?;
        }
        Ok(())
    }

    fn assign_one(&mut self, target: &'a Expr, value: &'a Expr) -> Done {
        if let ExprKind::Name(name) = &target.kind
            && let Some(slot) = self.local_slot(name)
        {
            return self.assign_local(slot, value);
        }
        if let (ExprKind::Tuple(targets) | ExprKind::List(targets), ExprKind::Tuple(values) | ExprKind::List(values)) =
            (&target.kind, &value.kind)
            && targets.len() == values.len()
            && (1..=8).contains(&targets.len())
            && !has_star(targets)
            && !has_star(values)
            && self.assign_pairwise(targets, values)?
        {
            return Ok(());
        }
        self.expr(value)?;
        self.store(target)
    }

    /// `local = value`, fused with the operator where there is a form.
    pub(super) fn assign_local(&mut self, slot: u8, value: &'a Expr) -> Done {
        match &value.kind {
            ExprKind::BinOp { left, op, right } if super::constant::Const::of(value).is_none() => {
                if let (Some(fused), Some(plain)) = (fused_store(*op), fused_arithmetic(*op)) {
                    return self.assign_arithmetic(slot, value.span, (left, right), fused, plain);
                }
            }
            ExprKind::Name(_) => {
                if let Some(from) = self.fusable(value) {
                    self.state.emit.op_abc(Op::MoveLocal, slot, from, 0);
                    self.state.emit.mark_bound(u32::from(slot));
                    return Ok(());
                }
            }
            _ => {}
        }
        self.expr(value)?;
        self.state.emit.store_local(u32::from(slot));
        Ok(())
    }

    fn assign_arithmetic(
        &mut self,
        slot: u8,
        span: Span,
        (left, right): (&'a Expr, &'a Expr),
        fused: FusedStore,
        plain: (Op, Op),
    ) -> Done {
        let anchor = self.operator_anchor(left, right);
        let operands = self.fusable(left).and_then(|local| match self.fusable(right) {
            Some(other) => Some((local, other, Some(fused.locals), plain.1)),
            None => small_int(right).map(|value| (local, value as u8, fused.local_int, plain.0)),
        });
        let Some((local, operand, store, plain)) = operands else {
            self.expr(left)?;
            self.expr(right)?;
            self.state.emit.at_anchor(span, anchor);
            self.state.emit.op_abc(fused.stack, slot, 0, 0);
            self.state.emit.mark_bound(u32::from(slot));
            return Ok(());
        };
        self.state.emit.at_anchor(span, anchor);
        if let Some(store) = store {
            self.state.emit.op_abc(store, slot, local, operand);
            self.state.emit.mark_bound(u32::from(slot));
        } else {
            self.state.emit.op_abc(plain, 0, local, operand);
            self.state.emit.store_local(u32::from(slot));
        }
        Ok(())
    }

    /// `a, b = x, y` without making a tuple. False if the targets are not simple enough.
    fn assign_pairwise(&mut self, targets: &'a [Expr], values: &'a [Expr]) -> Result<bool, super::Stop> {
        let mut slots = Vec::with_capacity(targets.len());
        for target in targets {
            let slot = if let ExprKind::Name(name) = &target.kind { self.local_slot(name) } else { None };
            slots.push(slot.filter(|slot| !slots.contains(&Some(*slot))));
        }
        let (Some(last), Some(rest)) = (values.last(), values.get(..values.len() - 1)) else { return Ok(false) };
        if slots.iter().all(Option::is_some) {
            // Distinct locals: nobody can see in which order they are stored, so the last value needs no stack.
            self.exprs(rest)?;
            let mut slots = slots.into_iter().rev().flatten();
            if let Some(slot) = slots.next() {
                self.assign_local(slot, last)?;
            }
            slots.for_each(|slot| self.state.emit.store_local(u32::from(slot)));
            return Ok(true);
        }
        let rotate: &[Op] = match values.len() {
            1 => &[],
            2 => &[Op::Swap],
            3 => &[Op::Rot3, Op::Swap],
            _ => return Ok(false),
        };
        self.exprs(values)?;
        for &op in rotate {
            self.op(op);
        }
        targets.iter().try_for_each(|target| self.store(target))?;
        Ok(true)
    }

    /// Pops the top into a target.
    pub(super) fn store(&mut self, target: &'a Expr) -> Done {
        match &target.kind {
            ExprKind::Name(name) => self.store_name(name, target.span),
            ExprKind::Attribute { value, attr } => {
                let name = self.mangle(&attr.name);
                let receiver = self.fusable(value);
                if receiver.is_none() {
                    self.expr(value)?;
                }
                self.state.emit.at(self.attribute_span(target.span, attr));
                self.attribute_op(receiver, Op::StoreAttrLocal, Op::StoreAttr, &name);
                Ok(())
            }
            ExprKind::Subscript { value, slice } => {
                let anchor = subscript_anchor(target.span, value);
                if let (Some(container), Some(key)) = (self.fusable(value), self.fusable(slice)) {
                    self.state.emit.at_anchor(target.span, anchor);
                    self.state.emit.op_abc(Op::StoreSubscriptLocals, 0, container, key);
                    return Ok(());
                }
                self.expr(value)?;
                self.expr(slice)?;
                self.state.emit.at_anchor(target.span, anchor);
                self.op(Op::StoreSubscript);
                Ok(())
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => self.unpack(items, target.span),
            _ => self.error("cannot assign to expression here. Maybe you meant '==' instead of '='?", target.span),
        }
    }

    fn unpack(&mut self, items: &'a [Expr], span: Span) -> Done {
        let star = items.iter().position(|item| matches!(item.kind, ExprKind::Starred(_)));
        self.state.emit.at(span);
        match star {
            None => self.state.emit.op_ax(Op::UnpackSequence, items.len() as u32),
            Some(before) => {
                let after = items.len() - before - 1;
                if before > 255 || after > 255 {
                    return self.error("too many expressions in star-unpacking assignment", span);
                }
                self.state.emit.op_abc(Op::UnpackStar, before as u8, after as u8, 0);
            }
        }
        for item in items {
            match &item.kind {
                ExprKind::Starred(inner) => self.store(inner)?,
                _ => self.store(item)?,
            }
        }
        Ok(())
    }

    pub(super) fn store_name(&mut self, name: &Name, span: Span) -> Done {
        let name = &self.mangle(name);
        self.state.emit.at(span);
        match self.scope().binding(name) {
            Binding::Local(slot) => self.state.emit.store_local(slot),
            Binding::Cell(slot) => self.state.emit.op_ax(Op::StoreCell, slot),
            Binding::Free(index) => self.state.emit.op_ax(Op::StoreFree, index),
            Binding::Global => {
                let slot = self.global(name);
                self.state.emit.op_ax(Op::StoreGlobal, slot);
            }
            Binding::Name | Binding::NameOrFree(_) => {
                let index = self.state.emit.name(name);
                self.state.emit.op_ax(Op::StoreName, index);
            }
        }
        Ok(())
    }
}

/// Augmented assignment.
impl<'a> Compiler<'a> {
    pub(super) fn augmented(&mut self, target: &'a Expr, op: Operator, value: &'a Expr, span: Span) -> Done {
        match &target.kind {
            ExprKind::Name(name) => self.augmented_name(name, target, op, value, span),
            ExprKind::Attribute { value: object, attr } => {
                self.augmented_attribute(target, object, attr, op, value, span)
            }
            ExprKind::Subscript { value: object, slice } => {
                self.expr(object)?;
                self.expr(slice)?;
                self.op(Op::Dup2);
                self.state.emit.at_anchor(target.span, subscript_anchor(target.span, object));
                self.op(Op::LoadSubscript);
                self.right_and_operator(op, true, value, span, None)?;
                self.op(Op::Rot3);
                self.state.emit.at_anchor(target.span, subscript_anchor(target.span, object));
                self.op(Op::StoreSubscript);
                Ok(())
            }
            _ => self.error("illegal expression for augmented assignment", target.span),
        }
    }

    fn augmented_name(&mut self, name: &'a Name, target: &'a Expr, op: Operator, value: &'a Expr, span: Span) -> Done {
        if let (Some(slot), Some(fused)) = (self.local_slot(name), fused_store(op)) {
            if let (Some(_), Some(int), Some(op)) = (self.fusable(target), small_int(value), fused.assign_int) {
                self.state.emit.at(span);
                self.state.emit.op_abc(op, slot, 0, int as u8);
                return Ok(());
            }
            if let (Some(_), Some(other)) = (self.fusable(target), self.fusable(value)) {
                self.state.emit.at(span);
                self.state.emit.op_abc(fused.assign, slot, other, 0);
                return Ok(());
            }
            self.load_name(name, target.span)?;
            self.expr(value)?;
            self.state.emit.at(span);
            self.state.emit.op_abc(fused.stack, slot, 1, 0);
            self.state.emit.mark_bound(u32::from(slot));
            return Ok(());
        }
        self.load_name(name, target.span)?;
        self.right_and_operator(op, true, value, span, None)?;
        self.store_name(name, target.span)
    }

    fn augmented_attribute(
        &mut self,
        target: &'a Expr,
        object: &'a Expr,
        attr: &Ident,
        op: Operator,
        value: &'a Expr,
        span: Span,
    ) -> Done {
        let name = self.mangle(&attr.name);
        let place = self.attribute_span(target.span, attr);
        let receiver = self.fusable(object).filter(|_| !self.is_walrus_target(object));
        if receiver.is_none() {
            self.expr(object)?;
            self.op(Op::Dup);
        }
        self.state.emit.at(place);
        self.attribute_op(receiver, Op::LoadAttrLocal, Op::LoadAttr, &name);
        self.right_and_operator(op, true, value, span, None)?;
        if receiver.is_none() {
            self.op(Op::Swap);
        }
        self.state.emit.at(place);
        self.attribute_op(receiver, Op::StoreAttrLocal, Op::StoreAttr, &name);
        Ok(())
    }

    /// Whether a name may be rebound in the middle of an expression.
    fn is_walrus_target(&self, expr: &Expr) -> bool {
        let ExprKind::Name(name) = &expr.kind else { return false };
        self.scope().symbol(&self.mangle(name)).walrus
    }
}

/// Annotated assignment and `del`.
impl<'a> Compiler<'a> {
    pub(super) fn annotated(
        &mut self,
        target: &'a Expr,
        annotation: &'a Expr,
        value: Option<&'a Expr>,
        simple: bool,
        span: Span,
    ) -> Done {
        if let Some(value) = value {
            self.assign_one(target, value)?;
        }
        let kind = self.scope().kind;
        match &target.kind {
            ExprKind::Name(name) if simple && kind != ScopeKind::Function => {
                self.annotation(annotation)?;
                self.state.emit.at(span);
                if kind == ScopeKind::Class {
                    let index = self.state.emit.name(&Name::new_static("__annotations__"));
                    self.state.emit.op_ax(Op::LoadName, index);
                } else {
                    self.state.emit.op_a(Op::LoadCommon, Common::ModuleAnnotations as u32);
                }
                let name = self.mangle(name);
                self.text(&name);
                self.op(Op::StoreSubscript);
                Ok(())
            }
            ExprKind::Name(_) => Ok(()),
            // Without a value the parts of the target are still evaluated.
            ExprKind::Attribute { value: object, .. } if value.is_none() => {
                self.evaluate(object)?;
                self.outer_annotation(annotation)
            }
            ExprKind::Subscript { value: object, slice } if value.is_none() => {
                self.evaluate(object)?;
                self.evaluate(slice)?;
                self.outer_annotation(annotation)
            }
            _ => self.outer_annotation(annotation),
        }
    }

    /// The annotation of an attribute or item: evaluated for its effects outside functions, and stored nowhere.
    fn outer_annotation(&mut self, annotation: &'a Expr) -> Done {
        if self.scope().kind == ScopeKind::Function || self.text_annotations {
            return Ok(());
        }
        self.evaluate(annotation)
    }

    pub(super) fn delete(&mut self, target: &'a Expr) -> Done {
        match &target.kind {
            ExprKind::Name(name) => self.delete_name(name, target.span),
            ExprKind::Attribute { value, attr } => {
                self.expr(value)?;
                let name = self.mangle(&attr.name);
                let name = self.state.emit.name(&name);
                self.state.emit.at(self.attribute_span(target.span, attr));
                self.state.emit.op_ax(Op::DeleteAttr, name);
                Ok(())
            }
            ExprKind::Subscript { value, slice } => {
                self.expr(value)?;
                self.expr(slice)?;
                self.state.emit.at_anchor(target.span, subscript_anchor(target.span, value));
                self.op(Op::DeleteSubscript);
                Ok(())
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().try_for_each(|item| self.delete(item)),
            _ => self.error("cannot delete expression", target.span),
        }
    }

    pub(super) fn delete_name(&mut self, name: &Name, span: Span) -> Done {
        let name = &self.mangle(name);
        self.state.emit.at(span);
        match self.scope().binding(name) {
            Binding::Local(slot) => self.state.emit.op_ax(Op::DeleteLocal, slot),
            Binding::Cell(slot) => self.state.emit.op_ax(Op::DeleteCell, slot),
            Binding::Free(index) => self.state.emit.op_ax(Op::DeleteFree, index),
            Binding::Global => {
                let slot = self.global(name);
                self.state.emit.op_ax(Op::DeleteGlobal, slot);
            }
            Binding::Name | Binding::NameOrFree(_) => {
                let index = self.state.emit.name(name);
                self.state.emit.op_ax(Op::DeleteName, index);
            }
        }
        Ok(())
    }

    /// Unbinds a name whether it is bound or not: the end of `except ... as name`.
    pub(super) fn clear_name(&mut self, name: &Name, span: Span) -> Done {
        if let Binding::Local(slot) = self.scope().binding(&self.mangle(name)) {
            self.state.emit.op_ax(Op::ClearLocal, slot);
            return Ok(());
        }
        // Bound to `None` first, so that the deletion cannot fail.
        self.op(Op::LoadNone);
        self.store_name(name, span)?;
        self.delete_name(name, span)
    }
}

//! What may be assigned to or deleted, and how CPython calls what may not.

use crate::{
    ast::{Constant, Expr, ExprKind},
    make::Context,
    span::Span,
};

/// What happens to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Assignment, by any kind of statement.
    Assign,
    /// `del`
    Delete,
}

/// Report the first part of `target` that cannot be assigned to or deleted.
pub(crate) fn check(cx: &mut Context<'_>, target: &Expr, usage: Use) {
    check_starred_count(cx, target);
    if let Some(bad) = invalid_part(target, usage) {
        let verb = if usage == Use::Assign { "assign to" } else { "delete" };
        cx.error(format!("cannot {verb} {}", describe(&bad.kind)), bad.span);
    }
    if usage == Use::Assign {
        check_names(cx, target);
    } else if matches!(&target.kind, ExprKind::Name(name) if name == "__debug__") {
        cx.error("cannot delete __debug__", target.span);
    }
}

/// The first part that is not a target; recursion is bounded by the depth of brackets.
pub(crate) fn invalid_part(target: &Expr, usage: Use) -> Option<&Expr> {
    match &target.kind {
        ExprKind::Name(_) | ExprKind::Attribute { .. } | ExprKind::Subscript { .. } => None,
        ExprKind::Starred(value) if usage == Use::Assign => invalid_part(value, usage),
        ExprKind::List(items) | ExprKind::Tuple(items) => items.iter().find_map(|item| invalid_part(item, usage)),
        _ => Some(target),
    }
}

fn check_starred_count(cx: &mut Context<'_>, target: &Expr) {
    if let ExprKind::List(items) | ExprKind::Tuple(items) = &target.kind {
        if items.iter().filter(|item| matches!(item.kind, ExprKind::Starred(_))).count() > 1 {
            cx.error("multiple starred expressions in assignment", target.span);
        }
        for item in items {
            check_starred_count(cx, item);
        }
    }
}

fn check_names(cx: &mut Context<'_>, target: &Expr) {
    match &target.kind {
        ExprKind::Name(name) => check_name(cx, name, target.span),
        ExprKind::Attribute { attr, .. } => check_name(cx, &attr.name, target.span),
        ExprKind::Starred(value) => check_names(cx, value),
        ExprKind::List(items) | ExprKind::Tuple(items) => {
            for item in items {
                check_names(cx, item);
            }
        }
        _ => {}
    }
}

/// `__debug__` is a name that cannot be bound.
pub(crate) fn check_name(cx: &mut Context<'_>, name: &str, span: Span) {
    if name == "__debug__" {
        cx.error("cannot assign to __debug__", span);
    }
}

/// How messages call an expression.
pub(crate) fn describe(kind: &ExprKind) -> &'static str {
    match kind {
        ExprKind::BoolOp { .. } | ExprKind::BinOp { .. } | ExprKind::UnaryOp { .. } => "expression",
        ExprKind::NamedExpr { .. } => "named expression",
        ExprKind::Lambda { .. } => "lambda",
        ExprKind::IfExp { .. } => "conditional expression",
        ExprKind::Dict(_) => "dict literal",
        ExprKind::Set(_) => "set display",
        ExprKind::ListComp { .. } => "list comprehension",
        ExprKind::SetComp { .. } => "set comprehension",
        ExprKind::DictComp { .. } => "dict comprehension",
        ExprKind::GeneratorExp { .. } => "generator expression",
        ExprKind::Await(_) => "await expression",
        ExprKind::Yield(_) | ExprKind::YieldFrom(_) => "yield expression",
        ExprKind::Compare { .. } => "comparison",
        ExprKind::Call(_) => "function call",
        ExprKind::FormattedValue { .. } | ExprKind::JoinedStr(_) => "f-string expression",
        ExprKind::Constant(Constant::None) => "None",
        ExprKind::Constant(Constant::True) => "True",
        ExprKind::Constant(Constant::False) => "False",
        ExprKind::Constant(Constant::Ellipsis) => "ellipsis",
        ExprKind::Constant(_) => "literal",
        ExprKind::Attribute { .. } => "attribute",
        ExprKind::Subscript { .. } => "subscript",
        ExprKind::Starred(_) => "starred",
        ExprKind::Name(_) => "name",
        ExprKind::List(_) => "list",
        ExprKind::Tuple(_) => "tuple",
        ExprKind::Slice { .. } => "slice",
    }
}

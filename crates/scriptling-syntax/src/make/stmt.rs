//! Statements.
//!
//! The span of a compound statement ends with its last statement, not with the NEWLINE and DEDENT tokens that
//! the grammar sees behind it.

use crate::{
    ast::{
        Alias, ClassDef, ExceptHandler, Expr, ExprKind, FunctionDef, Ident, IfBranch, MatchCase, Name, Operator, Stmt,
        StmtKind, Try, TypeAlias, TypeParam, WithItem,
    },
    make::{
        Context,
        params::{self, Argument, Param},
        target::{self, Use},
    },
    span::Span,
    token::Token,
};

fn stmt(kind: StmtKind, l: u32, end: u32) -> Stmt {
    Stmt { kind, span: Span::new(l, end.max(l)) }
}

/// Where a block ends; the lexer makes no empty ones.
fn end_of(body: &[Stmt]) -> u32 {
    body.last().map_or(0, |last| last.span.end)
}

pub(crate) fn simple(l: u32, r: u32, kind: StmtKind) -> Stmt {
    stmt(kind, l, r)
}

pub(crate) fn expr(value: Expr) -> StmtKind {
    StmtKind::Expr(Box::new(value))
}

pub(crate) fn assign(cx: &mut Context<'_>, targets: Vec<Expr>, value: Expr) -> StmtKind {
    let single = targets.len() == 1;
    for target in &targets {
        match &target.kind {
            ExprKind::Yield(_) | ExprKind::YieldFrom(_) if !is_parenthesised(cx, target) => {
                cx.error("assignment to yield expression not possible", target.span);
            }
            ExprKind::Starred(_) => {
                cx.error("starred assignment target must be in a list or tuple", target.span);
            }
            // What could be one side of a comparison was probably meant as one.
            ExprKind::Call(_)
            | ExprKind::BinOp { .. }
            | ExprKind::UnaryOp {
                op: crate::ast::UnaryOp::USub | crate::ast::UnaryOp::UAdd | crate::ast::UnaryOp::Invert,
                ..
            }
            | ExprKind::Dict(_)
            | ExprKind::Set(_)
            | ExprKind::ListComp { .. }
            | ExprKind::SetComp { .. }
            | ExprKind::DictComp { .. }
            | ExprKind::Await(_)
            | ExprKind::Yield(_)
            | ExprKind::JoinedStr(_)
            | ExprKind::Constant(_)
                if single && !matches!(target::describe(&target.kind), "None" | "True" | "False") =>
            {
                let what = target::describe(&target.kind);
                let message = format!("cannot assign to {what} here. Maybe you meant '==' instead of '='?");
                cx.error(message, target.span);
            }
            _ => target::check(cx, target, Use::Assign),
        }
    }
    StmtKind::Assign { targets, value: Box::new(value) }
}

fn is_parenthesised(cx: &Context<'_>, expr: &Expr) -> bool {
    let before = cx.source.get(..expr.span.start as usize).unwrap_or("");
    before.trim_end().ends_with('(')
}

fn is_single_target(target: &Expr) -> bool {
    matches!(target.kind, ExprKind::Name(_) | ExprKind::Attribute { .. } | ExprKind::Subscript { .. })
}

pub(crate) fn aug_assign(cx: &mut Context<'_>, target: Expr, op: Operator, value: Expr) -> StmtKind {
    if is_single_target(&target) {
        target::check(cx, &target, Use::Assign);
    } else {
        let what = target::describe(&target.kind);
        cx.error(format!("'{what}' is an illegal expression for augmented assignment"), target.span);
    }
    StmtKind::AugAssign { target: Box::new(target), op, value: Box::new(value) }
}

pub(crate) fn ann_assign(
    cx: &mut Context<'_>,
    l: u32,
    target: Expr,
    annotation: Expr,
    value: Option<Expr>,
) -> StmtKind {
    match &target.kind {
        _ if is_single_target(&target) => target::check(cx, &target, Use::Assign),
        ExprKind::List(_) => cx.error("only single target (not list) can be annotated", target.span),
        ExprKind::Tuple(_) => cx.error("only single target (not tuple) can be annotated", target.span),
        _ => cx.error("illegal target for annotation", target.span),
    }
    // A parenthesised name starts behind the statement.
    let simple = matches!(target.kind, ExprKind::Name(_)) && target.span.start == l;
    StmtKind::AnnAssign {
        target: Box::new(target),
        annotation: Box::new(annotation),
        value: value.map(Box::new),
        simple,
    }
}

pub(crate) fn delete(cx: &mut Context<'_>, targets: Vec<Expr>) -> StmtKind {
    for target in &targets {
        target::check(cx, target, Use::Delete);
    }
    StmtKind::Delete(targets)
}

pub(crate) fn return_(value: Option<Expr>) -> StmtKind {
    StmtKind::Return(value.map(Box::new))
}

pub(crate) fn raise(exc: Option<Expr>, cause: Option<Expr>) -> StmtKind {
    StmtKind::Raise { exc: exc.map(Box::new), cause: cause.map(Box::new) }
}

pub(crate) fn assert(test: Expr, msg: Option<Expr>) -> StmtKind {
    StmtKind::Assert { test: Box::new(test), msg: msg.map(Box::new) }
}

pub(crate) fn alias(l: u32, r: u32, name: Ident, asname: Option<Ident>) -> Alias {
    Alias { name, asname, span: Span::new(l, r) }
}

pub(crate) fn import_star(l: u32, r: u32) -> Vec<Alias> {
    let span = Span::new(l, r);
    vec![Alias { name: Ident { name: Name::new("*"), span }, asname: None, span }]
}

pub(crate) fn import_from(
    cx: &mut Context<'_>,
    l: u32,
    dots: Vec<u32>,
    module: Option<Ident>,
    names: Vec<Alias>,
) -> StmtKind {
    if dots.is_empty() && module.is_none() {
        cx.error("invalid syntax", Span::new(l, l + "import".len() as u32));
    }
    StmtKind::ImportFrom { module, names, level: dots.iter().sum() }
}

pub(crate) fn type_alias(name: Ident, type_params: Vec<TypeParam>, value: Expr) -> StmtKind {
    StmtKind::TypeAlias(Box::new(TypeAlias { name, type_params, value }))
}

pub(crate) fn branch(test: Expr, body: Vec<Stmt>) -> IfBranch {
    IfBranch { test, body }
}

pub(crate) fn if_(l: u32, test: Expr, body: Vec<Stmt>, elifs: Vec<IfBranch>, orelse: Option<Vec<Stmt>>) -> Stmt {
    let mut branches = Vec::with_capacity(elifs.len() + 1);
    branches.push(branch(test, body));
    branches.extend(elifs);
    let orelse = orelse.unwrap_or_default();
    let end = end_of(&orelse).max(branches.last().map_or(0, |last| end_of(&last.body)));
    stmt(StmtKind::If { branches, orelse }, l, end)
}

pub(crate) fn while_(l: u32, test: Expr, body: Vec<Stmt>, orelse: Option<Vec<Stmt>>) -> Stmt {
    let orelse = orelse.unwrap_or_default();
    let end = end_of(&orelse).max(end_of(&body));
    stmt(StmtKind::While { test: Box::new(test), body, orelse }, l, end)
}

#[allow(clippy::too_many_arguments, reason = "one parameter per part of the production")]
pub(crate) fn for_(
    cx: &mut Context<'_>,
    l: u32,
    is_async: Option<Token>,
    target: Expr,
    iter: Expr,
    body: Vec<Stmt>,
    orelse: Option<Vec<Stmt>>,
) -> Stmt {
    check_target(cx, &target);
    let orelse = orelse.unwrap_or_default();
    let end = end_of(&orelse).max(end_of(&body));
    let (target, iter) = (Box::new(target), Box::new(iter));
    stmt(StmtKind::For { target, iter, body, orelse, is_async: is_async.is_some() }, l, end)
}

/// A target of `for` or `with`, which cannot be a single star.
fn check_target(cx: &mut Context<'_>, target: &Expr) {
    if matches!(target.kind, ExprKind::Starred(_)) {
        cx.error("starred assignment target must be in a list or tuple", target.span);
    } else {
        target::check(cx, target, Use::Assign);
    }
}

pub(crate) fn with_item(cx: &mut Context<'_>, context_expr: Expr, optional_vars: Option<Expr>) -> WithItem {
    if let Some(target) = &optional_vars {
        check_target(cx, target);
    }
    WithItem { context_expr, optional_vars }
}

pub(crate) fn with(
    _cx: &mut Context<'_>,
    l: u32,
    is_async: Option<Token>,
    items: Vec<WithItem>,
    body: Vec<Stmt>,
) -> Stmt {
    let items = spread_items(items);
    let end = end_of(&body);
    stmt(StmtKind::With { items, body, is_async: is_async.is_some() }, l, end)
}

/// `with (a, b):` has two items; the grammar, which prefers expressions, has seen one tuple.
fn spread_items(mut items: Vec<WithItem>) -> Vec<WithItem> {
    if items.len() != 1 || items[0].optional_vars.is_some() {
        return items;
    }
    let Some(item) = items.pop() else {
        return items;
    };
    match item.context_expr.kind {
        ExprKind::Tuple(parts)
            if !parts.is_empty()
                && !parts.iter().any(|part| matches!(part.kind, ExprKind::Starred(_) | ExprKind::NamedExpr { .. })) =>
        {
            parts.into_iter().map(|context_expr| WithItem { context_expr, optional_vars: None }).collect()
        }
        kind => {
            let Expr { span, depth, .. } = item.context_expr;
            vec![WithItem { context_expr: Expr { kind, span, depth }, optional_vars: None }]
        }
    }
}

pub(crate) fn except(
    cx: &mut Context<'_>,
    l: u32,
    colon: u32,
    star: Option<Token>,
    typ: Option<Expr>,
    name: Option<Ident>,
    body: Vec<Stmt>,
) -> (ExceptHandler, Option<Token>) {
    if typ.is_none() && (star.is_some() || name.is_some()) {
        let what = if star.is_some() { "expected one or more exception types" } else { "invalid syntax" };
        let at = name.as_ref().map_or(colon, |name| name.span.start);
        cx.error(what, Span::new(at, at + 1));
    }
    if let Some(name) = &name {
        target::check_name(cx, &name.name, name.span);
    }
    let span = Span::new(l, end_of(&body).max(colon));
    (ExceptHandler { typ, name, body, span }, star)
}

#[allow(clippy::too_many_arguments, reason = "one parameter per part of the production")]
pub(crate) fn try_(
    cx: &mut Context<'_>,
    l: u32,
    next: u32,
    body: Vec<Stmt>,
    handlers: Vec<(ExceptHandler, Option<Token>)>,
    orelse: Option<Vec<Stmt>>,
    finalbody: Option<Vec<Stmt>>,
) -> Stmt {
    // A body without text stands for a missing block, behind which the clauses were lost.
    let is_whole = body.iter().any(|stmt| !stmt.span.is_empty());
    if is_whole && handlers.is_empty() && (finalbody.is_none() || orelse.is_some()) {
        let rest = cx.source.get(next as usize..).unwrap_or("");
        let len = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        cx.error("expected 'except' or 'finally' block", Span::new(next, next + len as u32));
    }
    let is_star = handlers.first().is_some_and(|(_, star)| star.is_some());
    if let Some((mixed, _)) = handlers.iter().find(|(_, star)| star.is_some() != is_star) {
        let span = Span::new(mixed.span.start, mixed.span.start + "except".len() as u32);
        cx.error("cannot have both 'except' and 'except*' on the same 'try'", span);
    }
    let handlers: Vec<_> = handlers.into_iter().map(|(handler, _)| handler).collect();
    if let Some((_, in_front)) = handlers.split_last()
        && let Some(bare) = in_front.iter().find(|handler| handler.typ.is_none())
        && !is_star
    {
        let span = Span::new(bare.span.start, bare.span.start + "except".len() as u32);
        cx.error("default 'except:' must be last", span);
    }
    let (orelse, finalbody) = (orelse.unwrap_or_default(), finalbody.unwrap_or_default());
    let last_handler = handlers.last().map_or(0, |handler| handler.span.end);
    let end = end_of(&body).max(last_handler).max(end_of(&orelse)).max(end_of(&finalbody));
    stmt(StmtKind::Try(Box::new(Try { body, handlers, orelse, finalbody, is_star })), l, end)
}

pub(crate) fn match_(l: u32, subject: Expr, cases: Vec<MatchCase>) -> Stmt {
    let end = cases.last().map_or(subject.span.end, |case| end_of(&case.body));
    stmt(StmtKind::Match { subject: Box::new(subject), cases }, l, end)
}

#[allow(clippy::too_many_arguments, reason = "one parameter per part of the production")]
pub(crate) fn function(
    cx: &mut Context<'_>,
    l: u32,
    is_async: Option<Token>,
    name: Ident,
    type_params: Vec<TypeParam>,
    list: Vec<Param>,
    returns: Option<Expr>,
    body: Vec<Stmt>,
) -> Stmt {
    target::check_name(cx, &name.name, name.span);
    let args = Box::new(params::parameters(cx, list));
    let end = end_of(&body);
    let function = FunctionDef {
        name,
        type_params,
        args,
        body,
        decorators: Vec::new(),
        returns: returns.map(Box::new),
        is_async: is_async.is_some(),
    };
    stmt(StmtKind::FunctionDef(Box::new(function)), l, end)
}

pub(crate) fn class(
    cx: &mut Context<'_>,
    l: u32,
    name: Ident,
    type_params: Vec<TypeParam>,
    list: Option<Vec<Argument>>,
    body: Vec<Stmt>,
) -> Stmt {
    target::check_name(cx, &name.name, name.span);
    let list = list.unwrap_or_default();
    for argument in &list {
        if let Argument::Generator(value) = argument {
            cx.error("invalid syntax", value.span);
        }
    }
    let (bases, keywords) = params::arguments(cx, name.span, list);
    let end = end_of(&body);
    let class = ClassDef { name, type_params, bases, keywords, body, decorators: Vec::new() };
    stmt(StmtKind::ClassDef(Box::new(class)), l, end)
}

pub(crate) fn decorate(decorators: Vec<Expr>, mut definition: Stmt) -> Stmt {
    match &mut definition.kind {
        StmtKind::FunctionDef(function) => function.decorators = decorators,
        StmtKind::ClassDef(class) => class.decorators = decorators,
        _ => {}
    }
    definition
}

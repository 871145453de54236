//! A read-only visitor.
//!
//! Implement the methods of [`Visitor`] that matter and call the `walk_*` function of the same name to go on
//! into the children; the default methods do just that. Children come in source order, except that the parts of
//! `Arguments` come by kind. Names are not visited: they are fields of the nodes that bind them.

use crate::ast::{
    Arguments, Comprehension, Expr, ExprKind, Pattern, PatternKind, Stmt, StmtKind, TypeParam, TypeParamKind,
};

/// What to do at each kind of node.
pub trait Visitor {
    /// A statement.
    fn stmt(&mut self, stmt: &Stmt) {
        walk_stmt(self, stmt);
    }

    /// An expression.
    fn expr(&mut self, expr: &Expr) {
        walk_expr(self, expr);
    }

    /// A pattern.
    fn pattern(&mut self, pattern: &Pattern) {
        walk_pattern(self, pattern);
    }
}

fn stmts<V: Visitor + ?Sized>(visitor: &mut V, body: &[Stmt]) {
    for stmt in body {
        visitor.stmt(stmt);
    }
}

fn exprs<'e, V: Visitor + ?Sized>(visitor: &mut V, exprs: impl IntoIterator<Item = &'e Expr>) {
    for expr in exprs {
        visitor.expr(expr);
    }
}

fn patterns<'p, V: Visitor + ?Sized>(visitor: &mut V, patterns: impl IntoIterator<Item = &'p Pattern>) {
    for pattern in patterns {
        visitor.pattern(pattern);
    }
}

fn boxed<V: Visitor + ?Sized>(visitor: &mut V, expr: Option<&Expr>) {
    if let Some(expr) = expr {
        visitor.expr(expr);
    }
}

/// Visit the children of a statement.
pub fn walk_stmt<V: Visitor + ?Sized>(visitor: &mut V, stmt: &Stmt) {
    match &stmt.kind {
        StmtKind::FunctionDef(def) => {
            exprs(visitor, &def.decorators);
            type_params(visitor, &def.type_params);
            walk_arguments(visitor, &def.args);
            boxed(visitor, def.returns.as_deref());
            stmts(visitor, &def.body);
        }
        StmtKind::ClassDef(def) => {
            exprs(visitor, &def.decorators);
            type_params(visitor, &def.type_params);
            exprs(visitor, &def.bases);
            exprs(visitor, def.keywords.iter().map(|keyword| &keyword.value));
            stmts(visitor, &def.body);
        }
        StmtKind::Return(value) => boxed(visitor, value.as_deref()),
        StmtKind::Delete(targets) => exprs(visitor, targets),
        StmtKind::Assign { targets, value } => {
            exprs(visitor, targets);
            visitor.expr(value);
        }
        StmtKind::TypeAlias(alias) => {
            type_params(visitor, &alias.type_params);
            visitor.expr(&alias.value);
        }
        StmtKind::AugAssign { target, value, .. } => {
            visitor.expr(target);
            visitor.expr(value);
        }
        StmtKind::AnnAssign { target, annotation, value, .. } => {
            visitor.expr(target);
            visitor.expr(annotation);
            boxed(visitor, value.as_deref());
        }
        StmtKind::For { target, iter, body, orelse, .. } => {
            visitor.expr(target);
            visitor.expr(iter);
            stmts(visitor, body);
            stmts(visitor, orelse);
        }
        StmtKind::While { test, body, orelse } => {
            visitor.expr(test);
            stmts(visitor, body);
            stmts(visitor, orelse);
        }
        StmtKind::If { branches, orelse } => {
            for branch in branches {
                visitor.expr(&branch.test);
                stmts(visitor, &branch.body);
            }
            stmts(visitor, orelse);
        }
        StmtKind::With { items, body, .. } => {
            for item in items {
                visitor.expr(&item.context_expr);
                boxed(visitor, item.optional_vars.as_ref());
            }
            stmts(visitor, body);
        }
        StmtKind::Match { subject, cases } => {
            visitor.expr(subject);
            for case in cases {
                visitor.pattern(&case.pattern);
                boxed(visitor, case.guard.as_ref());
                stmts(visitor, &case.body);
            }
        }
        StmtKind::Raise { exc, cause } => {
            boxed(visitor, exc.as_deref());
            boxed(visitor, cause.as_deref());
        }
        StmtKind::Try(node) => {
            stmts(visitor, &node.body);
            for handler in &node.handlers {
                boxed(visitor, handler.typ.as_ref());
                stmts(visitor, &handler.body);
            }
            stmts(visitor, &node.orelse);
            stmts(visitor, &node.finalbody);
        }
        StmtKind::Assert { test, msg } => {
            visitor.expr(test);
            boxed(visitor, msg.as_deref());
        }
        StmtKind::Expr(value) => visitor.expr(value),
        StmtKind::Import(_)
        | StmtKind::ImportFrom { .. }
        | StmtKind::Global(_)
        | StmtKind::Nonlocal(_)
        | StmtKind::Pass
        | StmtKind::Break
        | StmtKind::Continue => {}
    }
}

fn type_params<V: Visitor + ?Sized>(visitor: &mut V, params: &[TypeParam]) {
    for param in params {
        if let TypeParamKind::TypeVar { bound: Some(bound), .. } = &param.kind {
            visitor.expr(bound);
        }
    }
}

/// Visit the annotations and defaults of parameters.
pub fn walk_arguments<V: Visitor + ?Sized>(visitor: &mut V, args: &Arguments) {
    let positional = args.posonlyargs.iter().chain(&args.args).chain(&args.vararg);
    for arg in positional.chain(&args.kwonlyargs).chain(&args.kwarg) {
        boxed(visitor, arg.annotation.as_deref());
    }
    exprs(visitor, args.defaults.iter().chain(args.kw_defaults.iter().flatten()));
}

/// Visit the children of an expression.
pub fn walk_expr<V: Visitor + ?Sized>(visitor: &mut V, expr: &Expr) {
    match &expr.kind {
        ExprKind::BoolOp { values, .. } | ExprKind::JoinedStr(values) => exprs(visitor, values),
        ExprKind::Set(items) | ExprKind::List(items) | ExprKind::Tuple(items) => {
            exprs(visitor, items);
        }
        ExprKind::NamedExpr { value, .. }
        | ExprKind::UnaryOp { operand: value, .. }
        | ExprKind::Await(value)
        | ExprKind::YieldFrom(value)
        | ExprKind::Attribute { value, .. }
        | ExprKind::Starred(value) => visitor.expr(value),
        ExprKind::BinOp { left, right, .. } => exprs(visitor, [&**left, &**right]),
        ExprKind::Lambda { args, body } => {
            walk_arguments(visitor, args);
            visitor.expr(body);
        }
        ExprKind::IfExp { test, body, orelse } => exprs(visitor, [&**body, &**test, &**orelse]),
        ExprKind::Dict(items) => exprs(visitor, items.iter().flat_map(|item| item.key.iter().chain([&item.value]))),
        ExprKind::ListComp { elt, generators }
        | ExprKind::SetComp { elt, generators }
        | ExprKind::GeneratorExp { elt, generators } => {
            visitor.expr(elt);
            walk_generators(visitor, generators);
        }
        ExprKind::DictComp { key, value, generators } => {
            exprs(visitor, [&**key, &**value]);
            walk_generators(visitor, generators);
        }
        ExprKind::Yield(value) => boxed(visitor, value.as_deref()),
        ExprKind::Compare { left, rest } => {
            visitor.expr(left);
            exprs(visitor, rest.iter().map(|(_, operand)| operand));
        }
        ExprKind::Call(call) => {
            visitor.expr(&call.func);
            exprs(visitor, &call.args);
            exprs(visitor, call.keywords.iter().map(|keyword| &keyword.value));
        }
        ExprKind::FormattedValue { value, format_spec, .. } => {
            visitor.expr(value);
            boxed(visitor, format_spec.as_deref());
        }
        ExprKind::Subscript { value, slice } => exprs(visitor, [&**value, &**slice]),
        ExprKind::Slice { lower, upper, step } => {
            boxed(visitor, lower.as_deref());
            boxed(visitor, upper.as_deref());
            boxed(visitor, step.as_deref());
        }
        ExprKind::Constant(_) | ExprKind::Name(_) => {}
    }
}

/// Visit the clauses of a comprehension.
pub fn walk_generators<V: Visitor + ?Sized>(visitor: &mut V, generators: &[Comprehension]) {
    for generator in generators {
        visitor.expr(&generator.target);
        visitor.expr(&generator.iter);
        exprs(visitor, &generator.ifs);
    }
}

/// Visit the children of a pattern.
pub fn walk_pattern<V: Visitor + ?Sized>(visitor: &mut V, pattern: &Pattern) {
    match &pattern.kind {
        PatternKind::MatchValue(value) => visitor.expr(value),
        PatternKind::MatchSequence(items) | PatternKind::MatchOr(items) => {
            patterns(visitor, items);
        }
        PatternKind::MatchMapping { keys, patterns, .. } => {
            exprs(visitor, keys);
            self::patterns(visitor, patterns);
        }
        PatternKind::MatchClass { cls, patterns, kwd_patterns, .. } => {
            visitor.expr(cls);
            self::patterns(visitor, patterns.iter().chain(kwd_patterns));
        }
        PatternKind::MatchAs { pattern: Some(inner), .. } => visitor.pattern(inner),
        PatternKind::MatchAs { pattern: None, .. } | PatternKind::MatchSingleton(_) | PatternKind::MatchStar(_) => {}
    }
}

//! The walk that collects names for [`scope`](super::scope): every statement and expression once, in source order.
//!
//! It only notes facts; nothing is resolved here. Decorators, defaults, annotations, bases and the first iterable of a
//! comprehension belong to the enclosing scope.

use scriptling_syntax::ast::{
    Arg, Arguments, ClassDef, Comprehension, Expr, ExprKind, FunctionDef, Ident, MatchCase, Module, Name, Pattern,
    PatternKind, Stmt, StmtKind, Try,
};

use super::scope::{CLASS_CELL, ScopeKind, Scopes};

/// Where the walk is.
pub(super) struct Walker {
    scopes: Scopes,
    at: usize,
}

impl Walker {
    pub(super) fn new() -> Walker {
        Walker { scopes: Scopes::empty(), at: 0 }
    }

    pub(super) fn module(&mut self, module: &Module) {
        self.stmts(&module.body);
    }

    pub(super) fn finish(self) -> Scopes {
        self.scopes
    }

    fn bind(&mut self, name: &Name) {
        self.scopes.symbol_mut(self.at, name).bound = true;
    }

    fn use_name(&mut self, name: &Name) {
        self.scopes.symbol_mut(self.at, name);
        if name == "super" && self.scopes.scopes[self.at].kind == ScopeKind::Function {
            self.scopes.symbol_mut(self.at, &CLASS_CELL);
        }
    }

    fn inside<T>(&mut self, kind: ScopeKind, private: Option<Name>, node: &T, walk: impl FnOnce(&mut Walker)) {
        let outer = self.at;
        self.at = self.scopes.open(kind, outer, private, node);
        walk(self);
        self.at = outer;
    }

    fn private(&self) -> Option<Name> {
        self.scopes.scopes[self.at].private.clone()
    }

    fn kind(&self) -> ScopeKind {
        self.scopes.scopes[self.at].kind
    }
}

/// Statements.
impl Walker {
    fn stmts(&mut self, stmts: &[Stmt]) {
        for stmt in stmts {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::FunctionDef(def) => self.function(def),
            StmtKind::ClassDef(def) => self.class(def),
            StmtKind::Return(value) => self.optional(value.as_deref()),
            StmtKind::Delete(targets) => {
                for target in targets {
                    self.delete(target);
                }
            }
            StmtKind::Assign { targets, value } => {
                self.expr(value);
                for target in targets {
                    self.target(target);
                }
            }
            StmtKind::TypeAlias(alias) => self.bind(&alias.name.name),
            StmtKind::AugAssign { target, value, .. } => {
                self.expr(target);
                self.expr(value);
                self.target(target);
            }
            StmtKind::AnnAssign { target, annotation, value, simple } => {
                self.annotated(target, annotation, value.as_deref(), *simple);
            }
            StmtKind::For { target, iter, body, orelse, .. } => {
                self.expr(iter);
                self.target(target);
                self.stmts(body);
                self.stmts(orelse);
            }
            StmtKind::While { test, body, orelse } => {
                self.expr(test);
                self.stmts(body);
                self.stmts(orelse);
            }
            StmtKind::If { branches, orelse } => {
                for branch in branches {
                    self.expr(&branch.test);
                    self.stmts(&branch.body);
                }
                self.stmts(orelse);
            }
            StmtKind::With { items, body, .. } => {
                for item in items {
                    self.expr(&item.context_expr);
                    if let Some(target) = &item.optional_vars {
                        self.target(target);
                    }
                }
                self.stmts(body);
            }
            StmtKind::Match { subject, cases } => {
                self.expr(subject);
                for case in cases {
                    self.case(case);
                }
            }
            StmtKind::Raise { exc, cause } => {
                self.optional(exc.as_deref());
                self.optional(cause.as_deref());
            }
            StmtKind::Try(statement) => self.try_(statement),
            StmtKind::Assert { test, msg } => {
                self.expr(test);
                self.optional(msg.as_deref());
            }
            StmtKind::Import(names) => {
                for alias in names {
                    let top = alias.name.name.split('.').next().unwrap_or_default();
                    self.bind(&alias.asname.as_ref().map_or_else(|| Name::new(top), |name| name.name.clone()));
                }
            }
            StmtKind::ImportFrom { names, .. } => {
                let names = names.iter().filter(|alias| alias.name.name != "*");
                names.for_each(|alias| self.bind(&alias.asname.as_ref().unwrap_or(&alias.name).name));
            }
            StmtKind::Global(names) => {
                for name in names {
                    self.declare(name, true);
                }
            }
            StmtKind::Nonlocal(names) => {
                for name in names {
                    self.declare(name, false);
                }
            }
            StmtKind::Expr(expr) => self.expr(expr),
            StmtKind::Pass | StmtKind::Break | StmtKind::Continue => {}
        }
    }

    fn declare(&mut self, name: &Ident, global: bool) {
        let symbol = self.scopes.symbol_mut(self.at, &name.name);
        symbol.global |= global;
        symbol.nonlocal |= !global;
    }

    fn annotated(&mut self, target: &Expr, annotation: &Expr, value: Option<&Expr>, simple: bool) {
        self.optional(value);
        // A name is bound even without a value; parentheses make it an ordinary target.
        if value.is_some() || simple || !matches!(target.kind, ExprKind::Name(_)) {
            self.target(target);
        }
        // In functions, annotations of names are not evaluated, but what is in them is still seen.
        self.expr(annotation);
        if simple {
            self.scopes.scopes[self.at].has_annotations = true;
        }
    }

    fn try_(&mut self, statement: &Try) {
        self.stmts(&statement.body);
        for handler in &statement.handlers {
            self.optional(handler.typ.as_ref());
            if let Some(name) = &handler.name {
                let symbol = self.scopes.symbol_mut(self.at, &name.name);
                symbol.bound = true;
                symbol.unbindable = true;
            }
            self.stmts(&handler.body);
        }
        self.stmts(&statement.orelse);
        self.stmts(&statement.finalbody);
    }

    fn function(&mut self, def: &FunctionDef) {
        for decorator in &def.decorators {
            self.expr(decorator);
        }
        self.outer_arguments(&def.args);
        self.optional(def.returns.as_deref());
        let is_method = self.kind() == ScopeKind::Class;
        self.bind(&def.name.name);
        self.inside(ScopeKind::Function, self.private(), def, |walker| {
            walker.parameters(&def.args);
            if is_method {
                let first = def.args.posonlyargs.iter().chain(&def.args.args).next();
                walker.scopes.scopes[walker.at].receiver = first.map(|arg| arg.name.name.clone());
            }
            walker.stmts(&def.body);
        });
    }

    fn class(&mut self, def: &ClassDef) {
        for decorator in &def.decorators {
            self.expr(decorator);
        }
        for base in &def.bases {
            self.expr(base);
        }
        for keyword in &def.keywords {
            self.expr(&keyword.value);
        }
        self.bind(&def.name.name);
        self.inside(ScopeKind::Class, Some(def.name.name.clone()), def, |walker| walker.stmts(&def.body));
    }

    fn case(&mut self, case: &MatchCase) {
        self.pattern(&case.pattern);
        self.optional(case.guard.as_ref());
        self.stmts(&case.body);
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match &pattern.kind {
            PatternKind::MatchValue(value) => self.expr(value),
            PatternKind::MatchSingleton(_) => {}
            PatternKind::MatchSequence(patterns) | PatternKind::MatchOr(patterns) => {
                for pattern in patterns {
                    self.pattern(pattern);
                }
            }
            PatternKind::MatchMapping { keys, patterns, rest } => {
                for key in keys {
                    self.expr(key);
                }
                for pattern in patterns {
                    self.pattern(pattern);
                }
                if let Some(name) = rest {
                    self.bind(&name.name);
                }
            }
            PatternKind::MatchClass { cls, patterns, kwd_patterns, .. } => {
                self.expr(cls);
                patterns.iter().chain(kwd_patterns).for_each(|pattern| self.pattern(pattern));
            }
            PatternKind::MatchStar(name) => {
                if let Some(name) = name {
                    self.bind(&name.name);
                }
            }
            PatternKind::MatchAs { pattern, name } => {
                if let Some(pattern) = pattern {
                    self.pattern(pattern);
                }
                if let Some(name) = name {
                    self.bind(&name.name);
                }
            }
        }
    }
}

/// Parameters and targets.
impl Walker {
    fn parameters(&mut self, args: &Arguments) {
        let plain = args.posonlyargs.iter().chain(&args.args).chain(&args.kwonlyargs);
        plain.chain(&args.vararg).chain(&args.kwarg).for_each(|arg| self.bind(&arg.name.name));
    }

    /// What of the parameters is evaluated outside.
    fn outer_arguments(&mut self, args: &Arguments) {
        for default in &args.defaults {
            self.expr(default);
        }
        args.kw_defaults.iter().flatten().for_each(|default| self.expr(default));
        let annotated = |arg: &Arg, walker: &mut Walker| walker.optional(arg.annotation.as_deref());
        let plain = args.posonlyargs.iter().chain(&args.args).chain(&args.kwonlyargs);
        plain.chain(&args.vararg).chain(&args.kwarg).for_each(|arg| annotated(arg, self));
    }

    fn target(&mut self, target: &Expr) {
        match &target.kind {
            ExprKind::Name(name) => self.bind(name),
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                for item in items {
                    self.target(item);
                }
            }
            ExprKind::Starred(inner) => self.target(inner),
            ExprKind::Attribute { value, attr } => {
                if let ExprKind::Name(object) = &value.kind {
                    self.scopes.receiver_attribute(self.at, object, &attr.name);
                }
                self.expr(value);
            }
            _ => self.expr(target),
        }
    }

    fn delete(&mut self, target: &Expr) {
        match &target.kind {
            ExprKind::Name(name) => {
                let symbol = self.scopes.symbol_mut(self.at, name);
                symbol.bound = true;
                symbol.unbindable = true;
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                for item in items {
                    self.delete(item);
                }
            }
            _ => self.expr(target),
        }
    }
}

/// Expressions.
impl Walker {
    fn optional(&mut self, expr: Option<&Expr>) {
        if let Some(expr) = expr {
            self.expr(expr);
        }
    }

    fn exprs(&mut self, exprs: &[Expr]) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Constant(_) => {}
            ExprKind::Name(name) => self.use_name(name),
            ExprKind::Attribute { value, .. } => self.expr(value),
            ExprKind::BinOp { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Call(call) => {
                self.expr(&call.func);
                self.exprs(&call.args);
                for keyword in &call.keywords {
                    self.expr(&keyword.value);
                }
            }
            ExprKind::Subscript { value, slice } => {
                self.expr(value);
                self.expr(slice);
            }
            ExprKind::UnaryOp { operand: inner, .. } | ExprKind::Starred(inner) | ExprKind::Await(inner) => {
                self.expr(inner);
            }
            ExprKind::BoolOp { values: items, .. }
            | ExprKind::Tuple(items)
            | ExprKind::List(items)
            | ExprKind::Set(items)
            | ExprKind::JoinedStr(items) => self.exprs(items),
            ExprKind::Compare { left, rest } => {
                self.expr(left);
                for (_, right) in rest {
                    self.expr(right);
                }
            }
            ExprKind::Yield(value) => {
                self.scopes.scopes[self.at].is_generator = true;
                self.optional(value.as_deref());
            }
            ExprKind::YieldFrom(value) => {
                self.scopes.scopes[self.at].is_generator = true;
                self.expr(value);
            }
            _ => self.other_expr(expr),
        }
    }

    /// The rarer kinds, apart to keep the frame of the recursion above small.
    #[inline(never)]
    fn other_expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::NamedExpr { target, value } => {
                self.expr(value);
                self.scopes.bind_walrus(self.at, &target.name);
            }
            ExprKind::Lambda { args, body } => {
                self.outer_arguments(args);
                self.inside(ScopeKind::Function, self.private(), expr, |walker| {
                    walker.parameters(args);
                    walker.expr(body);
                });
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.expr(test);
                self.expr(body);
                self.expr(orelse);
            }
            ExprKind::Dict(items) => {
                for item in items {
                    self.optional(item.key.as_ref());
                    self.expr(&item.value);
                }
            }
            ExprKind::ListComp { elt, generators } | ExprKind::SetComp { elt, generators } => {
                self.comprehension(expr, generators, false, &[elt]);
            }
            ExprKind::GeneratorExp { elt, generators } => self.comprehension(expr, generators, true, &[elt]),
            ExprKind::DictComp { key, value, generators } => self.comprehension(expr, generators, false, &[key, value]),
            ExprKind::FormattedValue { value, format_spec, .. } => {
                self.expr(value);
                self.optional(format_spec.as_deref());
            }
            ExprKind::Slice { lower, upper, step } => {
                self.optional(lower.as_deref());
                self.optional(upper.as_deref());
                self.optional(step.as_deref());
            }
            _ => {}
        }
    }

    fn comprehension(&mut self, node: &Expr, generators: &[Comprehension], is_generator: bool, results: &[&Expr]) {
        let Some((first, rest)) = generators.split_first() else { return };
        self.expr(&first.iter);
        self.inside(ScopeKind::Comprehension, self.private(), node, |walker| {
            walker.scopes.scopes[walker.at].is_generator = is_generator;
            walker.target(&first.target);
            walker.exprs(&first.ifs);
            for generator in rest {
                walker.expr(&generator.iter);
                walker.target(&generator.target);
                walker.exprs(&generator.ifs);
            }
            for result in results {
                walker.expr(result);
            }
        });
    }
}

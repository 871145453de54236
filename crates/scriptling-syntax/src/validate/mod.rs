//! Rules that need to know what is around a node: placement, names, comprehensions, patterns.
//!
//! One walk over the finished tree, in evaluation order. What can be judged from a node alone is refused by its
//! constructor in `make`; what needs values or types is not a syntax error at all. The walk recurses, which is
//! safe because the parser bounds the depth of trees.

mod comprehension;
mod pattern;
mod scope;

use std::borrow::Borrow;

use crate::{
    ast::{Alias, Arguments, Expr, ExprKind, Module, Stmt, StmtKind, Try, TypeParam, TypeParamKind},
    error::SyntaxError,
    span::Span,
};

use scope::{Binding, Block, Scope};

/// What a `from __future__ import` may name.
const FUTURES: [&str; 10] = [
    "annotations",
    "absolute_import",
    "barry_as_FLUFL",
    "division",
    "generator_stop",
    "generators",
    "nested_scopes",
    "print_function",
    "unicode_literals",
    "with_statement",
];

/// Find the misplaced parts of a module.
pub(crate) fn validate(source: &str, module: &Module) -> Vec<SyntaxError> {
    let mut validator = Validator { source, errors: Vec::new(), scopes: vec![Scope::new(Block::Module)] };
    validator.futures(&module.body);
    validator.body(&module.body);
    validator.leave_module();
    validator.errors
}

/// The walk.
struct Validator<'t> {
    source: &'t str,
    errors: Vec<SyntaxError>,
    /// From the module to the innermost block; never empty.
    scopes: Vec<Scope<'t>>,
}

/// The loop around a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Jumps {
    /// No loop in this function.
    Nowhere,
    /// Inside a loop.
    Loop,
    /// Inside an `except*` block, out of which nothing may jump.
    ExceptStar,
}

impl<'t> Validator<'t> {
    fn error(&mut self, message: impl Into<String>, span: Span) {
        self.errors.push(SyntaxError::new(message, span));
    }

    fn scope(&mut self) -> &mut Scope<'t> {
        self.scopes.last_mut().expect("the module's scope is never popped")
    }

    /// `from __future__` imports: known names, in front of everything but the docstring.
    fn futures(&mut self, body: &'t [Stmt]) {
        let mut allowed = true;
        for (index, stmt) in body.iter().enumerate() {
            match &stmt.kind {
                StmtKind::ImportFrom { module: Some(module), names, level: 0 } if module.name == "__future__" => {
                    if allowed {
                        self.future_names(stmt.span, names);
                    } else {
                        let message = "from __future__ imports must occur at the beginning of the file";
                        self.error(message, stmt.span);
                    }
                }
                StmtKind::Expr(value) if index == 0 && is_docstring(value) => {}
                _ => allowed = false,
            }
        }
    }

    fn future_names(&mut self, span: Span, names: &'t [Alias]) {
        for alias in names {
            match alias.name.name.as_str() {
                "braces" => self.error("not a chance", span),
                name if !FUTURES.contains(&name) => {
                    self.error(format!("future feature {name} is not defined"), span);
                }
                _ => {}
            }
        }
    }

    fn body(&mut self, body: &'t [Stmt]) {
        for stmt in body {
            self.stmt(stmt);
        }
    }

    fn body_in(&mut self, jumps: Jumps, body: &'t [Stmt]) {
        let outer = std::mem::replace(&mut self.scope().jumps, jumps);
        self.body(body);
        self.scope().jumps = outer;
    }

    fn stmt(&mut self, stmt: &'t Stmt) {
        match &stmt.kind {
            StmtKind::FunctionDef(_) | StmtKind::ClassDef(_) => self.definition(stmt),
            StmtKind::Return(value) => self.return_(stmt.span, value.as_deref()),
            StmtKind::Delete(targets) => self.targets(targets.iter()),
            StmtKind::Assign { targets, value } => {
                self.expr(value);
                self.targets(targets.iter());
            }
            StmtKind::TypeAlias(alias) => {
                self.bind(&alias.name.name);
                self.scopes.push(Scope::new(Block::Annotation));
                self.type_params(&alias.type_params);
                self.expr(&alias.value);
                self.leave();
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.target(target);
                self.expr(value);
            }
            StmtKind::AnnAssign { target, annotation, value, simple } => {
                self.annotated_assignment(target, annotation, value.as_deref(), *simple);
            }
            StmtKind::For { target, iter, body, orelse, is_async } => {
                self.require_async(*is_async, "'async for'", stmt.span);
                self.expr(iter);
                self.target(target);
                self.body_in(Jumps::Loop, body);
                self.body(orelse);
            }
            StmtKind::While { test, body, orelse } => {
                self.expr(test);
                self.body_in(Jumps::Loop, body);
                self.body(orelse);
            }
            StmtKind::If { branches, orelse } => {
                for branch in branches {
                    self.expr(&branch.test);
                    self.body(&branch.body);
                }
                self.body(orelse);
            }
            StmtKind::With { items, body, is_async } => {
                self.require_async(*is_async, "'async with'", stmt.span);
                for item in items {
                    self.expr(&item.context_expr);
                    self.targets(item.optional_vars.iter());
                }
                self.body(body);
            }
            StmtKind::Match { subject, cases } => {
                self.expr(subject);
                self.cases(cases);
            }
            StmtKind::Raise { exc, cause } => self.exprs(exc.iter().chain(cause)),
            StmtKind::Try(node) => self.try_(node),
            StmtKind::Assert { test, msg } => {
                self.expr(test);
                self.exprs(msg.iter());
            }
            StmtKind::Import(names) => {
                for alias in names {
                    let first = alias.name.name.split('.').next().unwrap_or_default();
                    self.bind(alias.asname.as_ref().map_or(first, |name| &name.name));
                }
            }
            StmtKind::ImportFrom { names, .. } => self.import_from(names),
            StmtKind::Global(names) => {
                self.declare_all(names, Binding::Global, stmt.span);
            }
            StmtKind::Nonlocal(names) => {
                self.declare_all(names, Binding::Nonlocal, stmt.span);
            }
            StmtKind::Expr(value) => self.expr(value),
            StmtKind::Break => self.jump("'break' outside loop", stmt.span),
            StmtKind::Continue => self.jump("'continue' not properly in loop", stmt.span),
            StmtKind::Pass => {}
        }
    }

    fn annotated_assignment(&mut self, target: &'t Expr, annotation: &'t Expr, value: Option<&'t Expr>, simple: bool) {
        if let ExprKind::Name(name) = &target.kind
            && simple
        {
            self.annotate(name, target.span);
        } else {
            self.target(target);
        }
        self.expr(annotation);
        self.exprs(value);
    }

    fn return_(&mut self, span: Span, value: Option<&'t Expr>) {
        match self.scope().block {
            Block::Function { .. } => {}
            _ => self.error("'return' outside function", span),
        }
        if self.scope().jumps == Jumps::ExceptStar || self.scope().in_except_star {
            self.jump_out_of_except_star(span);
        }
        if let Some(value) = value {
            self.scope().return_with_value.get_or_insert(span);
            self.expr(value);
        }
    }

    fn jump(&mut self, message: &str, span: Span) {
        match self.scope().jumps {
            Jumps::Nowhere => self.error(message, span),
            Jumps::ExceptStar => self.jump_out_of_except_star(span),
            Jumps::Loop => {}
        }
    }

    fn jump_out_of_except_star(&mut self, span: Span) {
        self.error("'break', 'continue' and 'return' cannot appear in an except* block", span);
    }

    fn try_(&mut self, node: &'t Try) {
        self.body(&node.body);
        for handler in &node.handlers {
            self.exprs(handler.typ.iter());
            if let Some(name) = &handler.name {
                self.bind(&name.name);
            }
            if node.is_star {
                let outer = std::mem::replace(&mut self.scope().in_except_star, true);
                self.body_in(Jumps::ExceptStar, &handler.body);
                self.scope().in_except_star = outer;
            } else {
                self.body(&handler.body);
            }
        }
        self.body(&node.orelse);
        self.body(&node.finalbody);
    }

    fn import_from(&mut self, names: &'t [Alias]) {
        for alias in names {
            if alias.name.name != "*" {
                self.bind(&alias.asname.as_ref().unwrap_or(&alias.name).name);
            } else if self.scope().block != Block::Module {
                self.error("import * only allowed at module level", alias.span);
            }
        }
    }

    fn require_async(&mut self, is_async: bool, what: &str, span: Span) {
        if is_async && self.scope().block != (Block::Function { is_async: true }) {
            self.error(format!("{what} outside async function"), span);
        }
    }

    fn definition(&mut self, stmt: &'t Stmt) {
        match &stmt.kind {
            StmtKind::FunctionDef(function) => {
                self.exprs(function.decorators.iter());
                self.bind(&function.name.name);
                self.defaults(&function.args);
                self.annotations(&function.args);
                self.exprs(function.returns.iter());
                self.type_params(&function.type_params);
                self.scopes.push(Scope::new(Block::Function { is_async: function.is_async }));
                self.parameters(&function.args);
                self.body(&function.body);
                self.leave();
            }
            StmtKind::ClassDef(class) => {
                self.exprs(class.decorators.iter());
                self.bind(&class.name.name);
                self.elements(class.bases.iter());
                self.exprs(class.keywords.iter().map(|keyword| &keyword.value));
                self.type_params(&class.type_params);
                self.scopes.push(Scope::new(Block::Class));
                self.body(&class.body);
                self.leave();
            }
            _ => {}
        }
    }

    fn defaults(&mut self, args: &'t Arguments) {
        self.exprs(args.defaults.iter().chain(args.kw_defaults.iter().flatten()));
    }

    fn annotations(&mut self, args: &'t Arguments) {
        let all = args.posonlyargs.iter().chain(&args.args).chain(&args.vararg);
        for arg in all.chain(&args.kwonlyargs).chain(&args.kwarg) {
            self.elements(arg.annotation.iter());
        }
    }

    fn parameters(&mut self, args: &'t Arguments) {
        let all = args.posonlyargs.iter().chain(&args.args).chain(&args.vararg);
        for arg in all.chain(&args.kwonlyargs).chain(&args.kwarg) {
            self.scope().parameter(&arg.name.name);
        }
    }

    fn type_params(&mut self, params: &'t [TypeParam]) {
        for param in params {
            if let TypeParamKind::TypeVar { bound: Some(bound), .. } = &param.kind {
                self.expr(bound);
            }
        }
    }

    fn target(&mut self, target: &'t Expr) {
        match &target.kind {
            ExprKind::Name(name) => self.bind(name),
            ExprKind::Starred(value) => self.target(value),
            ExprKind::List(items) | ExprKind::Tuple(items) => self.targets(items.iter()),
            _ => self.expr(target),
        }
    }

    fn exprs<E: Borrow<Expr> + 't>(&mut self, exprs: impl IntoIterator<Item = &'t E>) {
        for expr in exprs {
            self.expr(expr.borrow());
        }
    }

    fn targets(&mut self, targets: impl IntoIterator<Item = &'t Expr>) {
        for target in targets {
            self.target(target);
        }
    }

    fn elements<E: Borrow<Expr> + 't>(&mut self, elements: impl IntoIterator<Item = &'t E>) {
        for element in elements {
            self.element(element.borrow());
        }
    }

    /// An expression where a star is allowed.
    fn element(&mut self, expr: &'t Expr) {
        match &expr.kind {
            ExprKind::Starred(value) => self.expr(value),
            _ => self.expr(expr),
        }
    }

    fn expr(&mut self, expr: &'t Expr) {
        match &expr.kind {
            ExprKind::BoolOp { values, .. } | ExprKind::JoinedStr(values) => {
                self.exprs(values.iter());
            }
            ExprKind::NamedExpr { target, value } => {
                self.expr(value);
                self.named(target);
            }
            ExprKind::BinOp { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::UnaryOp { operand, .. } => self.expr(operand),
            ExprKind::Lambda { args, body } => {
                self.defaults(args);
                self.scopes.push(Scope::new(Block::Lambda));
                self.parameters(args);
                self.expr(body);
                self.leave();
            }
            ExprKind::IfExp { test, body, orelse } => self.exprs([test, body, orelse]),
            ExprKind::Dict(items) => {
                for item in items {
                    self.exprs(item.key.iter());
                    self.expr(&item.value);
                }
            }
            ExprKind::Set(items) | ExprKind::List(items) | ExprKind::Tuple(items) => {
                self.elements(items.iter());
            }
            ExprKind::ListComp { .. }
            | ExprKind::SetComp { .. }
            | ExprKind::DictComp { .. }
            | ExprKind::GeneratorExp { .. } => self.comprehension(expr),
            ExprKind::Await(value) => {
                self.await_(expr.span);
                self.expr(value);
            }
            ExprKind::Yield(value) => {
                self.yield_(expr.span, "'yield'");
                self.exprs(value.iter());
            }
            ExprKind::YieldFrom(value) => {
                self.yield_(expr.span, "'yield from'");
                self.expr(value);
            }
            ExprKind::Compare { left, rest } => {
                self.expr(left);
                self.exprs(rest.iter().map(|(_, operand)| operand));
            }
            ExprKind::Call(call) => {
                self.expr(&call.func);
                self.elements(call.args.iter());
                self.exprs(call.keywords.iter().map(|keyword| &keyword.value));
            }
            ExprKind::FormattedValue { value, format_spec, .. } => {
                self.expr(value);
                self.exprs(format_spec.iter());
            }
            ExprKind::Attribute { value, .. } => self.expr(value),
            ExprKind::Subscript { value, slice } => {
                self.expr(value);
                self.expr(slice);
            }
            ExprKind::Starred(value) => {
                self.error("can't use starred expression here", expr.span);
                self.expr(value);
            }
            ExprKind::Slice { lower, upper, step } => {
                self.exprs(lower.iter().chain(upper).chain(step));
            }
            ExprKind::Name(name) => self.scope().used(name),
            ExprKind::Constant(_) => {}
        }
    }

    fn await_(&mut self, span: Span) {
        let scope = self.scope();
        scope.is_asynchronous = true;
        match scope.block {
            Block::Function { is_async: true } | Block::Comprehension { .. } => {}
            Block::Function { .. } | Block::Lambda => {
                self.error("'await' outside async function", span);
            }
            _ => self.error("'await' outside function", span),
        }
    }

    fn yield_(&mut self, span: Span, what: &str) {
        let scope = self.scope();
        match scope.block {
            Block::Function { is_async: true } if what == "'yield from'" => {
                self.error("'yield from' inside async function", span);
            }
            Block::Function { .. } | Block::Lambda => scope.yields = true,
            Block::Comprehension { kind } => self.error(format!("'yield' inside {kind}"), span),
            _ => self.error("'yield' outside function", span),
        }
    }
}

fn is_docstring(value: &Expr) -> bool {
    matches!(value.kind, ExprKind::Constant(crate::ast::Constant::Str(_)))
}

//! Trees and tokens as stable text, for snapshots and for comparing with other parsers.
//!
//! A tree is an S-expression: `(BinOp (Name a) Add (Constant 1))`, the fields in the order of `ast.rs`, lists in
//! brackets, `-` for a field that is absent. Spans are left out: they would drown the shape, and tests check
//! them by rule instead. Strings are ASCII with escapes, so that invisible characters can be seen.

use std::fmt::Write as _;

use crate::{
    ast::{
        Alias, Arg, Arguments, Comprehension, Constant, Expr, ExprKind, Ident, Keyword, MatchCase, Module, Pattern,
        PatternKind, Stmt, StmtKind, TypeParam, TypeParamKind, WithItem,
    },
    lexer,
};

/// How wide a line may be before its items get lines of their own.
const WIDTH: usize = 100;

/// The statements of a module, pretty-printed.
pub fn tree(module: &Module) -> String {
    let mut out = String::new();
    for stmt in &module.body {
        print(&stmt_node(stmt), 0, &mut out);
        out.push('\n');
    }
    out
}

/// The statements of a module, one per line.
pub fn lines(module: &Module) -> String {
    let mut out = String::new();
    for stmt in &module.body {
        flat(&stmt_node(stmt), &mut out);
        out.push('\n');
    }
    out
}

/// The tokens of a text with their spans, one logical line per line.
pub fn tokens(source: &str) -> String {
    let lexed = lexer::lex(source);
    let mut out = String::new();
    for lexeme in &lexed.tokens {
        let text = lexeme.span.slice(source);
        // Writing to a string cannot fail.
        let _ = write!(out, "{:?} {}..{} {}", lexeme.token, lexeme.span.start, lexeme.span.end, quote(text));
        out.push('\n');
    }
    for error in &lexed.errors {
        let _ = writeln!(out, "{}..{} {error}", error.span.start, error.span.end);
    }
    out
}

/// A piece of output.
enum Node {
    Atom(String),
    /// `(Kind ...)`
    Form(&'static str, Vec<Node>),
    /// `[...]`
    List(Vec<Node>),
}

fn flat(node: &Node, out: &mut String) {
    match node {
        Node::Atom(text) => out.push_str(text),
        Node::Form(kind, items) => {
            out.push('(');
            out.push_str(kind);
            for item in items {
                out.push(' ');
                flat(item, out);
            }
            out.push(')');
        }
        Node::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { " " } else { "" });
                flat(item, out);
            }
            out.push(']');
        }
    }
}

/// The width of a node on one line, if it is at most `limit`.
fn width(node: &Node, limit: usize) -> Option<usize> {
    let (start, items) = match node {
        Node::Atom(text) => return (text.len() <= limit).then_some(text.len()),
        Node::Form(kind, items) => (kind.len() + 2, items),
        Node::List(items) => (2, items),
    };
    items.iter().try_fold(start, |sum, item| {
        let sum = sum + 1 + width(item, limit.checked_sub(sum + 1)?)?;
        (sum <= limit).then_some(sum)
    })
}

fn print(node: &Node, indent: usize, out: &mut String) {
    if width(node, WIDTH.saturating_sub(indent)).is_some() {
        return flat(node, out);
    }
    let (open, close, items) = match node {
        Node::Atom(text) => return out.push_str(text),
        Node::Form(kind, items) => (*kind, ")", items),
        Node::List(items) => ("", "]", items),
    };
    out.push(if close == ")" { '(' } else { '[' });
    out.push_str(open);
    for item in items {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', indent + 2));
        print(item, indent + 2, out);
    }
    out.push_str(close);
}

fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            _ => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}

fn atom(text: impl ToString) -> Node {
    Node::Atom(text.to_string())
}

/// A unit variant, by its own name.
fn variant(value: impl std::fmt::Debug) -> Node {
    Node::Atom(format!("{value:?}"))
}

fn ident(ident: &Ident) -> Node {
    atom(&ident.name)
}

fn option<T>(value: Option<&T>, node: impl FnOnce(&T) -> Node) -> Node {
    value.map_or_else(|| atom("-"), node)
}

fn list<T>(items: &[T], node: impl FnMut(&T) -> Node) -> Node {
    Node::List(items.iter().map(node).collect())
}

fn boxed(value: Option<&Expr>) -> Node {
    option(value, expr)
}

fn exprs(items: &[Expr]) -> Node {
    list(items, expr)
}

fn body(items: &[Stmt]) -> Node {
    list(items, stmt_node)
}

fn stmt_node(stmt: &Stmt) -> Node {
    let (kind, items) = match &stmt.kind {
        StmtKind::FunctionDef(def) => (
            if def.is_async { "AsyncFunctionDef" } else { "FunctionDef" },
            vec![
                ident(&def.name),
                type_params(&def.type_params),
                arguments(&def.args),
                body(&def.body),
                exprs(&def.decorators),
                boxed(def.returns.as_deref()),
            ],
        ),
        StmtKind::ClassDef(def) => (
            "ClassDef",
            vec![
                ident(&def.name),
                type_params(&def.type_params),
                exprs(&def.bases),
                list(&def.keywords, keyword),
                body(&def.body),
                exprs(&def.decorators),
            ],
        ),
        StmtKind::For { target, iter, body: block, orelse, is_async } => {
            (if *is_async { "AsyncFor" } else { "For" }, vec![expr(target), expr(iter), body(block), body(orelse)])
        }
        StmtKind::While { test, body: block, orelse } => ("While", vec![expr(test), body(block), body(orelse)]),
        StmtKind::If { branches, orelse } => {
            let branch = |branch: &crate::ast::IfBranch| Node::List(vec![expr(&branch.test), body(&branch.body)]);
            ("If", vec![list(branches, branch), body(orelse)])
        }
        StmtKind::With { items, body: block, is_async } => {
            (if *is_async { "AsyncWith" } else { "With" }, vec![list(items, with_item), body(block)])
        }
        StmtKind::Match { subject, cases } => ("Match", vec![expr(subject), list(cases, match_case)]),
        StmtKind::Try(node) => {
            let handler = |handler: &crate::ast::ExceptHandler| {
                let name = option(handler.name.as_ref(), ident);
                Node::Form("ExceptHandler", vec![boxed(handler.typ.as_ref()), name, body(&handler.body)])
            };
            let blocks =
                vec![body(&node.body), list(&node.handlers, handler), body(&node.orelse), body(&node.finalbody)];
            (if node.is_star { "TryStar" } else { "Try" }, blocks)
        }
        _ => return simple_stmt(&stmt.kind),
    };
    Node::Form(kind, items)
}

/// A statement without a block.
fn simple_stmt(kind: &StmtKind) -> Node {
    let (kind, items) = match kind {
        StmtKind::Return(value) => ("Return", vec![boxed(value.as_deref())]),
        StmtKind::Delete(targets) => ("Delete", vec![exprs(targets)]),
        StmtKind::Assign { targets, value } => ("Assign", vec![exprs(targets), expr(value)]),
        StmtKind::TypeAlias(alias) => {
            ("TypeAlias", vec![ident(&alias.name), type_params(&alias.type_params), expr(&alias.value)])
        }
        StmtKind::AugAssign { target, op, value } => ("AugAssign", vec![expr(target), variant(op), expr(value)]),
        StmtKind::AnnAssign { target, annotation, value, simple } => {
            ("AnnAssign", vec![expr(target), expr(annotation), boxed(value.as_deref()), atom(u8::from(*simple))])
        }
        StmtKind::Raise { exc, cause } => ("Raise", vec![boxed(exc.as_deref()), boxed(cause.as_deref())]),
        StmtKind::Assert { test, msg } => ("Assert", vec![expr(test), boxed(msg.as_deref())]),
        StmtKind::Import(names) => ("Import", vec![list(names, alias)]),
        StmtKind::ImportFrom { module, names, level } => {
            ("ImportFrom", vec![option(module.as_ref(), ident), list(names, alias), atom(level)])
        }
        StmtKind::Global(names) => ("Global", vec![list(names, ident)]),
        StmtKind::Nonlocal(names) => ("Nonlocal", vec![list(names, ident)]),
        StmtKind::Expr(value) => ("Expr", vec![expr(value)]),
        StmtKind::Pass => ("Pass", vec![]),
        StmtKind::Break => ("Break", vec![]),
        _ => ("Continue", vec![]),
    };
    Node::Form(kind, items)
}

fn with_item(item: &WithItem) -> Node {
    Node::List(vec![expr(&item.context_expr), boxed(item.optional_vars.as_ref())])
}

fn match_case(case: &MatchCase) -> Node {
    Node::Form("match_case", vec![pattern(&case.pattern), boxed(case.guard.as_ref()), body(&case.body)])
}

fn patterns(items: &[Pattern]) -> Node {
    list(items, pattern)
}

fn pattern(node: &Pattern) -> Node {
    let (kind, items) = match &node.kind {
        PatternKind::MatchValue(value) => ("MatchValue", vec![expr(value)]),
        PatternKind::MatchSingleton(value) => ("MatchSingleton", vec![atom(constant(value))]),
        PatternKind::MatchSequence(items) => ("MatchSequence", vec![patterns(items)]),
        PatternKind::MatchMapping { keys, patterns: items, rest } => {
            ("MatchMapping", vec![exprs(keys), patterns(items), option(rest.as_ref(), ident)])
        }
        PatternKind::MatchClass { cls, patterns: items, kwd_attrs, kwd_patterns } => {
            ("MatchClass", vec![expr(cls), patterns(items), list(kwd_attrs, ident), patterns(kwd_patterns)])
        }
        PatternKind::MatchStar(name) => ("MatchStar", vec![option(name.as_ref(), ident)]),
        PatternKind::MatchAs { pattern: inner, name } => {
            ("MatchAs", vec![option(inner.as_deref(), pattern), option(name.as_ref(), ident)])
        }
        PatternKind::MatchOr(items) => ("MatchOr", vec![patterns(items)]),
    };
    Node::Form(kind, items)
}

fn alias(alias: &Alias) -> Node {
    Node::List(vec![ident(&alias.name), option(alias.asname.as_ref(), ident)])
}

fn keyword(keyword: &Keyword) -> Node {
    Node::Form("keyword", vec![option(keyword.arg.as_ref(), ident), expr(&keyword.value)])
}

fn arg(arg: &Arg) -> Node {
    Node::Form("arg", vec![ident(&arg.name), boxed(arg.annotation.as_deref())])
}

fn arguments(args: &Arguments) -> Node {
    Node::Form(
        "arguments",
        vec![
            list(&args.posonlyargs, arg),
            list(&args.args, arg),
            option(args.vararg.as_ref(), arg),
            list(&args.kwonlyargs, arg),
            list(&args.kw_defaults, |default| boxed(default.as_ref())),
            option(args.kwarg.as_ref(), arg),
            exprs(&args.defaults),
        ],
    )
}

fn type_params(params: &[TypeParam]) -> Node {
    list(params, |param| match &param.kind {
        TypeParamKind::TypeVar { name, bound } => Node::Form("TypeVar", vec![ident(name), boxed(bound.as_deref())]),
        TypeParamKind::TypeVarTuple(name) => Node::Form("TypeVarTuple", vec![ident(name)]),
        TypeParamKind::ParamSpec(name) => Node::Form("ParamSpec", vec![ident(name)]),
    })
}

fn generators(items: &[Comprehension]) -> Node {
    list(items, |item| {
        let parts = vec![expr(&item.target), expr(&item.iter), exprs(&item.ifs), atom(u8::from(item.is_async))];
        Node::Form("comprehension", parts)
    })
}

fn expr(node: &Expr) -> Node {
    let (kind, items) = match &node.kind {
        ExprKind::BoolOp { op, values } => ("BoolOp", vec![variant(op), exprs(values)]),
        ExprKind::NamedExpr { target, value } => ("NamedExpr", vec![ident(target), expr(value)]),
        ExprKind::BinOp { left, op, right } => ("BinOp", vec![expr(left), variant(op), expr(right)]),
        ExprKind::UnaryOp { op, operand } => ("UnaryOp", vec![variant(op), expr(operand)]),
        ExprKind::Lambda { args, body } => ("Lambda", vec![arguments(args), expr(body)]),
        ExprKind::IfExp { test, body, orelse } => ("IfExp", vec![expr(test), expr(body), expr(orelse)]),
        ExprKind::Dict(items) => {
            let item = |item: &crate::ast::DictItem| Node::List(vec![boxed(item.key.as_ref()), expr(&item.value)]);
            ("Dict", vec![list(items, item)])
        }
        ExprKind::Set(items) => ("Set", vec![exprs(items)]),
        ExprKind::ListComp { elt, generators: g } => ("ListComp", vec![expr(elt), generators(g)]),
        ExprKind::SetComp { elt, generators: g } => ("SetComp", vec![expr(elt), generators(g)]),
        ExprKind::GeneratorExp { elt, generators: g } => ("GeneratorExp", vec![expr(elt), generators(g)]),
        ExprKind::DictComp { key, value, generators: g } => ("DictComp", vec![expr(key), expr(value), generators(g)]),
        ExprKind::Await(value) => ("Await", vec![expr(value)]),
        ExprKind::Yield(value) => ("Yield", vec![boxed(value.as_deref())]),
        ExprKind::YieldFrom(value) => ("YieldFrom", vec![expr(value)]),
        ExprKind::Compare { left, rest } => {
            let operand = |(op, operand): &(crate::ast::CmpOp, Expr)| Node::List(vec![variant(op), expr(operand)]);
            ("Compare", vec![expr(left), list(rest, operand)])
        }
        ExprKind::Call(call) => ("Call", vec![expr(&call.func), exprs(&call.args), list(&call.keywords, keyword)]),
        ExprKind::FormattedValue { value, conversion, format_spec } => {
            let conversion = conversion.map_or_else(|| atom("-"), variant);
            ("FormattedValue", vec![expr(value), conversion, boxed(format_spec.as_deref())])
        }
        ExprKind::JoinedStr(values) => ("JoinedStr", vec![exprs(values)]),
        ExprKind::Constant(value) => ("Constant", vec![atom(constant(value))]),
        ExprKind::Attribute { value, attr } => ("Attribute", vec![expr(value), ident(attr)]),
        ExprKind::Subscript { value, slice } => ("Subscript", vec![expr(value), expr(slice)]),
        ExprKind::Starred(value) => ("Starred", vec![expr(value)]),
        ExprKind::Name(name) => ("Name", vec![atom(name)]),
        ExprKind::List(items) => ("List", vec![exprs(items)]),
        ExprKind::Tuple(items) => ("Tuple", vec![exprs(items)]),
        ExprKind::Slice { lower, upper, step } => {
            ("Slice", vec![boxed(lower.as_deref()), boxed(upper.as_deref()), boxed(step.as_deref())])
        }
    };
    Node::Form(kind, items)
}

fn constant(value: &Constant) -> String {
    match value {
        Constant::None => "None".to_owned(),
        Constant::True => "True".to_owned(),
        Constant::False => "False".to_owned(),
        Constant::Ellipsis => "...".to_owned(),
        Constant::Int(value) => value.to_string(),
        Constant::BigInt(value) => value.to_string(),
        Constant::Float(value) => format!("{value:e}"),
        Constant::Imaginary(value) => format!("{value:e}j"),
        Constant::Str(value) => quote(value),
        Constant::Bytes(value) => {
            let text: String = value.iter().map(|&byte| char::from(byte)).collect();
            format!("b{}", quote(&text))
        }
    }
}

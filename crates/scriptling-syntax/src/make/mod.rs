//! Constructors of expressions, called by the grammar's actions; siblings make the rest of the tree.
//!
//! Every production of `grammar.lalrpop` calls exactly one function of this folder: the shapes LALRPOP hands over
//! are known here and in `parser.rs`, nowhere else. Constructors also refuse what the grammar lets through but
//! can be judged locally (targets, argument order); rules that need to know the surroundings are in `validate`.
//!
//! Invariant: no constructor builds an expression deeper than `MAX_EXPR_DEPTH`. It reports the excess once and
//! puts a leaf in its place, so neither dropping nor walking a tree can exhaust the stack.

pub(crate) mod params;
pub(crate) mod pattern;
pub(crate) mod stmt;
pub(crate) mod string;
pub(crate) mod target;

use unicode_normalization::UnicodeNormalization;

use crate::{
    MAX_EXPR_DEPTH,
    ast::{BoolOp, Call, CmpOp, Comprehension, Constant, DictItem, Expr, ExprKind, Ident, Name, Operator, UnaryOp},
    error::SyntaxError,
    literal,
    span::Span,
    token::Token,
};

/// What the actions share.
pub(crate) struct Context<'s> {
    pub(crate) source: &'s str,
    pub(crate) errors: Vec<SyntaxError>,
}

impl Context<'_> {
    pub(crate) fn error(&mut self, message: impl Into<String>, span: Span) {
        self.errors.push(SyntaxError::new(message, span));
    }

    /// An expression over children of which the deepest has depth `below`.
    fn node(&mut self, kind: ExprKind, span: Span, below: u16) -> Expr {
        if below < MAX_EXPR_DEPTH {
            return Expr { kind, span, depth: below + 1 };
        }
        let message = "expression is too deeply nested";
        if !self.errors.iter().any(|error| error.message == message) {
            self.error(message, span);
        }
        leaf(ExprKind::Constant(Constant::None), span)
    }
}

fn leaf(kind: ExprKind, span: Span) -> Expr {
    Expr { kind, span, depth: 1 }
}

fn deepest<'e>(exprs: impl IntoIterator<Item = &'e Expr>) -> u16 {
    exprs.into_iter().map(|expr| expr.depth).max().unwrap_or(0)
}

fn deepest_generator(generators: &[Comprehension]) -> u16 {
    let depth = |g: &Comprehension| g.target.depth.max(g.iter.depth).max(deepest(&g.ifs));
    generators.iter().map(depth).max().unwrap_or(0)
}

pub(crate) fn list<T>(item: T) -> Vec<T> {
    vec![item]
}

pub(crate) fn push<T>(mut items: Vec<T>, item: T) -> Vec<T> {
    items.push(item);
    items
}

pub(crate) fn push_option<T>(mut items: Vec<T>, item: Option<T>) -> Vec<T> {
    items.extend(item);
    items
}

pub(crate) fn append<T>(mut items: Vec<T>, more: Vec<T>) -> Vec<T> {
    items.extend(more);
    items
}

pub(crate) fn ident(cx: &mut Context<'_>, l: u32, r: u32) -> Ident {
    let span = Span::new(l, r);
    let text = span.slice(cx.source);
    let name = if text.is_ascii() { Name::new(text) } else { text.nfkc().collect() };
    Ident { name, span }
}

pub(crate) fn dotted(left: Ident, right: Ident) -> Ident {
    Ident { name: Name::new(format!("{}.{}", left.name, right.name)), span: left.span.to(right.span) }
}

pub(crate) fn name(ident: Ident) -> Expr {
    leaf(ExprKind::Name(ident.name), ident.span)
}

pub(crate) fn constant(l: u32, r: u32, constant: Constant) -> Expr {
    leaf(ExprKind::Constant(constant), Span::new(l, r))
}

pub(crate) fn number(cx: &mut Context<'_>, l: u32, r: u32) -> Expr {
    let span = Span::new(l, r);
    let value = literal::number_value(span.slice(cx.source), span).unwrap_or_else(|error| {
        cx.errors.push(error);
        Constant::Int(0)
    });
    constant(l, r, value)
}

pub(crate) fn empty_tuple(l: u32, r: u32) -> Expr {
    leaf(ExprKind::Tuple(Vec::new()), Span::new(l, r))
}

pub(crate) fn tuple(cx: &mut Context<'_>, l: u32, r: u32, items: Vec<Expr>, last: Option<Expr>) -> Expr {
    let items = push_option(items, last);
    let below = deepest(&items);
    cx.node(ExprKind::Tuple(items), Span::new(l, r), below)
}

pub(crate) fn group(cx: &mut Context<'_>, inner: Expr) -> Expr {
    if matches!(inner.kind, ExprKind::Starred(_)) {
        cx.error("cannot use starred expression here", inner.span);
    }
    without_star(inner)
}

/// Once a misplaced star has been reported, it is forgotten.
fn without_star(expr: Expr) -> Expr {
    match expr.kind {
        ExprKind::Starred(value) => *value,
        _ => expr,
    }
}

pub(crate) fn list_display(cx: &mut Context<'_>, l: u32, r: u32, items: Vec<Expr>) -> Expr {
    let below = deepest(&items);
    cx.node(ExprKind::List(items), Span::new(l, r), below)
}

pub(crate) fn set_display(cx: &mut Context<'_>, l: u32, r: u32, items: Vec<Expr>) -> Expr {
    let below = deepest(&items);
    cx.node(ExprKind::Set(items), Span::new(l, r), below)
}

pub(crate) fn dict_item(key: Option<Expr>, value: Expr) -> DictItem {
    DictItem { key, value }
}

pub(crate) fn dict_display(cx: &mut Context<'_>, l: u32, r: u32, items: Vec<DictItem>) -> Expr {
    let below = deepest(items.iter().flat_map(|item| item.key.iter().chain([&item.value])));
    cx.node(ExprKind::Dict(items), Span::new(l, r), below)
}

pub(crate) fn starred(cx: &mut Context<'_>, l: u32, r: u32, value: Expr) -> Expr {
    let below = value.depth;
    cx.node(ExprKind::Starred(Box::new(value)), Span::new(l, r), below)
}

pub(crate) fn named(cx: &mut Context<'_>, l: u32, r: u32, target: Expr, value: Expr) -> Expr {
    let below = value.depth;
    let target = match target.kind {
        ExprKind::Name(name) => {
            target::check_name(cx, &name, target.span);
            Ident { name, span: target.span }
        }
        kind => {
            let what = target::describe(&kind);
            cx.error(format!("cannot use assignment expressions with {what}"), target.span);
            Ident { name: Name::default(), span: target.span }
        }
    };
    cx.node(ExprKind::NamedExpr { target, value: Box::new(value) }, Span::new(l, r), below)
}

pub(crate) fn conditional(cx: &mut Context<'_>, l: u32, r: u32, body: Expr, test: Expr, orelse: Expr) -> Expr {
    let below = deepest([&body, &test, &orelse]);
    let kind = ExprKind::IfExp { test: Box::new(test), body: Box::new(body), orelse: Box::new(orelse) };
    cx.node(kind, Span::new(l, r), below)
}

pub(crate) fn lambda(cx: &mut Context<'_>, l: u32, r: u32, list: Vec<params::Param>, body: Expr) -> Expr {
    let args = params::parameters(cx, list);
    let defaults = args.defaults.iter().chain(args.kw_defaults.iter().flatten());
    let below = deepest(defaults).max(body.depth);
    cx.node(ExprKind::Lambda { args: Box::new(args), body: Box::new(body) }, Span::new(l, r), below)
}

pub(crate) fn bool_op(cx: &mut Context<'_>, l: u32, r: u32, op: BoolOp, first: Expr, rest: Vec<Expr>) -> Expr {
    let mut values = Vec::with_capacity(rest.len() + 1);
    values.push(first);
    values.extend(rest);
    let below = deepest(&values);
    cx.node(ExprKind::BoolOp { op, values }, Span::new(l, r), below)
}

pub(crate) fn unary(cx: &mut Context<'_>, l: u32, r: u32, op: UnaryOp, operand: Expr) -> Expr {
    let below = operand.depth;
    cx.node(ExprKind::UnaryOp { op, operand: Box::new(operand) }, Span::new(l, r), below)
}

pub(crate) fn compare(cx: &mut Context<'_>, l: u32, r: u32, left: Expr, rest: Vec<(CmpOp, Expr)>) -> Expr {
    let below = deepest(rest.iter().map(|(_, expr)| expr)).max(left.depth);
    cx.node(ExprKind::Compare { left: Box::new(left), rest }, Span::new(l, r), below)
}

pub(crate) fn binary(cx: &mut Context<'_>, l: u32, r: u32, left: Expr, op: Operator, right: Expr) -> Expr {
    let below = left.depth.max(right.depth);
    cx.node(ExprKind::BinOp { left: Box::new(left), op, right: Box::new(right) }, Span::new(l, r), below)
}

pub(crate) fn await_(cx: &mut Context<'_>, l: u32, r: u32, value: Expr) -> Expr {
    let below = value.depth;
    cx.node(ExprKind::Await(Box::new(value)), Span::new(l, r), below)
}

pub(crate) fn yield_(cx: &mut Context<'_>, l: u32, r: u32, value: Option<Expr>) -> Expr {
    let below = deepest(&value);
    cx.node(ExprKind::Yield(value.map(Box::new)), Span::new(l, r), below)
}

pub(crate) fn yield_from(cx: &mut Context<'_>, l: u32, r: u32, value: Expr) -> Expr {
    let below = value.depth;
    cx.node(ExprKind::YieldFrom(Box::new(value)), Span::new(l, r), below)
}

pub(crate) fn attribute(cx: &mut Context<'_>, l: u32, r: u32, value: Expr, attr: Ident) -> Expr {
    let below = value.depth;
    cx.node(ExprKind::Attribute { value: Box::new(value), attr: Box::new(attr) }, Span::new(l, r), below)
}

pub(crate) fn call(cx: &mut Context<'_>, l: u32, r: u32, paren: u32, func: Expr, list: Vec<params::Argument>) -> Expr {
    let (args, keywords) = params::arguments(cx, Span::new(paren, r), list);
    let below = deepest(args.iter().chain(keywords.iter().map(|k| &k.value))).max(func.depth);
    cx.node(ExprKind::Call(Box::new(Call { func, args, keywords })), Span::new(l, r), below)
}

pub(crate) fn subscript(cx: &mut Context<'_>, l: u32, r: u32, value: Expr, slice: Expr) -> Expr {
    let slice = if matches!(slice.kind, ExprKind::Starred(_)) {
        let span = slice.span;
        tuple(cx, span.start, span.end, vec![slice], None)
    } else {
        slice
    };
    let below = value.depth.max(slice.depth);
    cx.node(ExprKind::Subscript { value: Box::new(value), slice: Box::new(slice) }, Span::new(l, r), below)
}

#[expect(clippy::option_option, reason = "a second colon without a step behind it is what the grammar sees")]
pub(crate) fn slice(
    cx: &mut Context<'_>,
    l: u32,
    r: u32,
    lower: Option<Expr>,
    upper: Option<Expr>,
    step: Option<Option<Expr>>,
) -> Expr {
    let step = step.flatten();
    let below = deepest(lower.iter().chain(&upper).chain(&step));
    let kind = ExprKind::Slice { lower: lower.map(Box::new), upper: upper.map(Box::new), step: step.map(Box::new) };
    cx.node(kind, Span::new(l, r), below)
}

pub(crate) fn comp_for(
    cx: &mut Context<'_>,
    is_async: Option<Token>,
    target: Expr,
    iter: Expr,
    ifs: Vec<Expr>,
) -> Comprehension {
    target::check(cx, &target, target::Use::Assign);
    Comprehension { target, iter, ifs, is_async: is_async.is_some() }
}

fn comprehension_element(cx: &mut Context<'_>, elt: Expr) -> Expr {
    if matches!(elt.kind, ExprKind::Starred(_)) {
        cx.error("iterable unpacking cannot be used in comprehension", elt.span);
    }
    without_star(elt)
}

pub(crate) fn generator(cx: &mut Context<'_>, l: u32, r: u32, elt: Expr, generators: Vec<Comprehension>) -> Expr {
    let elt = comprehension_element(cx, elt);
    let below = elt.depth.max(deepest_generator(&generators));
    cx.node(ExprKind::GeneratorExp { elt: Box::new(elt), generators }, Span::new(l, r), below)
}

pub(crate) fn list_comp(cx: &mut Context<'_>, l: u32, r: u32, elt: Expr, generators: Vec<Comprehension>) -> Expr {
    let elt = comprehension_element(cx, elt);
    let below = elt.depth.max(deepest_generator(&generators));
    cx.node(ExprKind::ListComp { elt: Box::new(elt), generators }, Span::new(l, r), below)
}

pub(crate) fn set_comp(cx: &mut Context<'_>, l: u32, r: u32, elt: Expr, generators: Vec<Comprehension>) -> Expr {
    let elt = comprehension_element(cx, elt);
    let below = elt.depth.max(deepest_generator(&generators));
    cx.node(ExprKind::SetComp { elt: Box::new(elt), generators }, Span::new(l, r), below)
}

/// `[a, b for a in c]`
pub(crate) fn unparenthesised_comp(
    cx: &mut Context<'_>,
    l: u32,
    r: u32,
    items: Vec<Expr>,
    last: Expr,
    generators: Vec<Comprehension>,
) -> Expr {
    let span = items.first().map_or(last.span, |first| first.span.to(last.span));
    cx.error("did you forget parentheses around the comprehension target?", span);
    list_comp(cx, l, r, last, generators)
}

pub(crate) fn dict_comp(cx: &mut Context<'_>, l: u32, r: u32, item: DictItem, generators: Vec<Comprehension>) -> Expr {
    let DictItem { key, value } = item;
    let key = key.unwrap_or_else(|| {
        let stars = generators.first().map_or(value.span, |_| Span::new(l + 1, value.span.start));
        let start = stars.slice(cx.source).find('*').map_or(stars.start, |at| stars.start + at as u32);
        cx.error("dict unpacking cannot be used in dict comprehension", Span::new(start, start + 2));
        leaf(ExprKind::Constant(Constant::None), value.span)
    });
    let below = key.depth.max(value.depth).max(deepest_generator(&generators));
    let kind = ExprKind::DictComp { key: Box::new(key), value: Box::new(value), generators };
    cx.node(kind, Span::new(l, r), below)
}

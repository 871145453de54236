//! Parameters, type parameters and call arguments.
//!
//! The grammar accepts their items in any order; the order is checked here, where messages can be good.

use crate::{
    ast::{Arg, Arguments, Comprehension, Expr, ExprKind, Ident, Keyword, TypeParam, TypeParamKind},
    make::{self, Context, target},
    span::Span,
};

/// One item between the parentheses of a `def`.
pub(crate) struct Param {
    kind: ParamKind,
    /// The item without its default.
    span: Span,
    /// The default and the offset of its `=`.
    default: Option<(u32, Expr)>,
}

enum ParamKind {
    Plain(Arg),
    BareStar,
    Star(Arg),
    DoubleStar(Arg),
    Slash,
}

fn arg(l: u32, r: u32, name: Ident, annotation: Option<Expr>) -> Arg {
    Arg { name, annotation: annotation.map(Box::new), span: Span::new(l, r) }
}

pub(crate) fn plain(l: u32, r: u32, name: Ident, annotation: Option<Expr>, default: Option<(u32, Expr)>) -> Param {
    Param { kind: ParamKind::Plain(arg(l, r, name, annotation)), span: Span::new(l, r), default }
}

pub(crate) fn bare_star(l: u32, r: u32) -> Param {
    Param { kind: ParamKind::BareStar, span: Span::new(l, r), default: None }
}

pub(crate) fn slash(l: u32, r: u32) -> Param {
    Param { kind: ParamKind::Slash, span: Span::new(l, r), default: None }
}

pub(crate) fn star(l: u32, r: u32, name: Ident, annotation: Option<Expr>, default: Option<(u32, Expr)>) -> Param {
    let arg = arg(name.span.start, r, name, annotation);
    Param { kind: ParamKind::Star(arg), span: Span::new(l, r), default }
}

pub(crate) fn double_star(
    l: u32,
    r: u32,
    name: Ident,
    annotation: Option<Expr>,
    default: Option<(u32, Expr)>,
) -> Param {
    let arg = arg(name.span.start, r, name, annotation);
    Param { kind: ParamKind::DoubleStar(arg), span: Span::new(l, r), default }
}

/// Sort the items into an `Arguments`; only the first wrong item is reported.
pub(crate) fn parameters(cx: &mut Context<'_>, list: Vec<Param>) -> Arguments {
    let mut builder = Builder::default();
    let mut fault = None;
    let count = list.len();
    for (at, param) in list.into_iter().enumerate() {
        let is_last = at + 1 == count;
        let result = builder.add(param, is_last);
        fault = fault.or(result.err());
    }
    if let Some((message, span)) = fault {
        cx.error(message, span);
    }
    let args = builder.args;
    check_duplicates(cx, &args);
    args
}

#[derive(Default)]
struct Builder {
    args: Arguments,
    seen_slash: bool,
    /// Behind `*` or `*args`: what follows is keyword-only.
    seen_star: bool,
    /// A bare `*` that no keyword-only parameter has followed yet.
    bare_star: Option<Span>,
}

impl Builder {
    fn add(&mut self, param: Param, is_last: bool) -> Result<(), (&'static str, Span)> {
        let Param { kind, span, default } = param;
        if self.args.kwarg.is_some() {
            return Err(("arguments cannot follow var-keyword argument", span));
        }
        if let Some(star) = self.bare_star
            && matches!(kind, ParamKind::DoubleStar(_))
        {
            return Err(("named arguments must follow bare *", star));
        }
        match kind {
            ParamKind::Plain(arg) if self.seen_star => {
                self.bare_star = None;
                self.args.kwonlyargs.push(arg);
                self.args.kw_defaults.push(default.map(|(_, value)| value));
            }
            ParamKind::Plain(arg) => {
                self.args.args.push(arg);
                match default {
                    Some((_, value)) => self.args.defaults.push(value),
                    None if self.args.defaults.is_empty() => {}
                    None => {
                        return Err(("parameter without a default follows parameter with a default", span));
                    }
                }
            }
            ParamKind::BareStar | ParamKind::Star(_) if self.seen_star => {
                return Err(("* argument may appear only once", span));
            }
            ParamKind::BareStar => {
                self.seen_star = true;
                self.bare_star = Some(span);
                if is_last {
                    return Err(("named arguments must follow bare *", span));
                }
            }
            ParamKind::Star(arg) => {
                self.seen_star = true;
                self.args.vararg = Some(arg);
                if let Some((at, _)) = default {
                    return Err(("var-positional argument cannot have default value", Span::new(at, at + 1)));
                }
            }
            ParamKind::DoubleStar(arg) => {
                self.args.kwarg = Some(arg);
                if let Some((at, _)) = default {
                    return Err(("var-keyword argument cannot have default value", Span::new(at, at + 1)));
                }
            }
            ParamKind::Slash if self.seen_slash => return Err(("/ may appear only once", span)),
            ParamKind::Slash if self.seen_star => return Err(("/ must be ahead of *", span)),
            ParamKind::Slash if self.args.args.is_empty() => {
                return Err(("at least one argument must precede /", span));
            }
            ParamKind::Slash => {
                self.seen_slash = true;
                self.args.posonlyargs = std::mem::take(&mut self.args.args);
            }
        }
        Ok(())
    }
}

fn check_duplicates(cx: &mut Context<'_>, args: &Arguments) {
    let all =
        || args.posonlyargs.iter().chain(&args.args).chain(&args.vararg).chain(&args.kwonlyargs).chain(&args.kwarg);
    let mut seen = std::collections::HashSet::new();
    for arg in all() {
        target::check_name(cx, &arg.name.name, arg.name.span);
        if !seen.insert(&arg.name.name) {
            let message = format!("duplicate argument '{}' in function definition", arg.name.name);
            cx.error(message, arg.name.span);
        }
    }
}

pub(crate) fn type_params(cx: &mut Context<'_>, r: u32, list: Vec<TypeParam>) -> Vec<TypeParam> {
    if list.is_empty() {
        cx.error("Type parameter list cannot be empty", Span::new(r - 1, r));
    }
    let mut seen = std::collections::HashSet::new();
    for param in &list {
        let (TypeParamKind::TypeVar { name, .. } | TypeParamKind::TypeVarTuple(name) | TypeParamKind::ParamSpec(name)) =
            &param.kind;
        if !seen.insert(&name.name) {
            cx.error(format!("duplicate type parameter '{}'", name.name), name.span);
        }
    }
    list
}

pub(crate) fn type_var(l: u32, r: u32, name: Ident, bound: Option<Expr>) -> TypeParam {
    TypeParam { kind: TypeParamKind::TypeVar { name, bound: bound.map(Box::new) }, span: Span::new(l, r) }
}

pub(crate) fn type_var_tuple(cx: &mut Context<'_>, l: u32, r: u32, name: Ident, bound: Option<u32>) -> TypeParam {
    if let Some(at) = bound {
        cx.error("cannot use bound with TypeVarTuple", Span::new(at, r));
    }
    TypeParam { kind: TypeParamKind::TypeVarTuple(name), span: Span::new(l, r) }
}

pub(crate) fn param_spec(cx: &mut Context<'_>, l: u32, r: u32, name: Ident, bound: Option<u32>) -> TypeParam {
    if let Some(at) = bound {
        cx.error("cannot use bound with ParamSpec", Span::new(at, r));
    }
    TypeParam { kind: TypeParamKind::ParamSpec(name), span: Span::new(l, r) }
}

/// One item between the parentheses of a call.
pub(crate) enum Argument {
    Positional(Expr),
    Unpacked(Expr),
    Keyword(Keyword),
    /// A generator without parentheses of its own.
    Generator(Expr),
}

pub(crate) fn positional(value: Expr) -> Argument {
    Argument::Positional(value)
}

pub(crate) fn unpacked(cx: &mut Context<'_>, l: u32, r: u32, value: Expr) -> Argument {
    Argument::Unpacked(make::starred(cx, l, r, value))
}

pub(crate) fn double_unpacked(l: u32, r: u32, value: Expr) -> Argument {
    Argument::Keyword(Keyword { arg: None, value, span: Span::new(l, r) })
}

pub(crate) fn keyword(cx: &mut Context<'_>, l: u32, r: u32, equal: u32, name: Expr, value: Expr) -> Argument {
    let span = Span::new(l, r);
    let arg = match name.kind {
        ExprKind::Name(text) => {
            target::check_name(cx, &text, name.span);
            Ident { name: text, span: name.span }
        }
        kind => {
            let to_equal = Span::new(l, equal + 1);
            match target::describe(&kind) {
                what @ ("True" | "False" | "None") => {
                    cx.error(format!("cannot assign to {what}"), to_equal);
                }
                _ => cx.error("expression cannot contain assignment, perhaps you meant \"==\"?", to_equal),
            }
            Ident { name: make::Name::default(), span: name.span }
        }
    };
    Argument::Keyword(Keyword { arg: Some(arg), value, span })
}

pub(crate) fn generator(cx: &mut Context<'_>, l: u32, r: u32, elt: Expr, generators: Vec<Comprehension>) -> Argument {
    Argument::Generator(make::generator(cx, l, r, elt, generators))
}

/// Whether a trailing comma stands in a span that otherwise holds only blanks and comments.
fn has_comma(cx: &Context<'_>, span: Span) -> bool {
    let mut lines = span.slice(cx.source).lines();
    lines.any(|line| line.split('#').next().is_some_and(|code| code.contains(',')))
}

/// Split arguments into positional ones and keywords; `parens` is where they stand.
pub(crate) fn arguments(cx: &mut Context<'_>, parens: Span, list: Vec<Argument>) -> (Vec<Expr>, Vec<Keyword>) {
    let (mut args, mut keywords) = (Vec::new(), Vec::<Keyword>::new());
    let mut seen = std::collections::HashSet::new();
    // Only the first misplaced argument is reported: the rest follows from it.
    let mut misplaced = None;
    let count = list.len();
    if list.iter().all(|argument| matches!(argument, Argument::Positional(_) | Argument::Unpacked(_))) {
        args.reserve_exact(count);
    }
    for argument in list {
        let after_unpacking = keywords.iter().rev().any(|k| k.arg.is_none());
        match argument {
            Argument::Positional(value) => {
                if !keywords.is_empty() {
                    let tail = if after_unpacking { " unpacking" } else { "" };
                    misplaced
                        .get_or_insert((format!("positional argument follows keyword argument{tail}"), value.span));
                }
                args.push(value);
            }
            Argument::Unpacked(value) => {
                if after_unpacking {
                    let message = "iterable argument unpacking follows keyword argument unpacking";
                    misplaced.get_or_insert((message.to_owned(), value.span));
                }
                args.push(value);
            }
            Argument::Keyword(keyword) => {
                if let Some(arg) = &keyword.arg
                    && !arg.name.is_empty()
                    && !seen.insert(arg.name.clone())
                {
                    cx.error(format!("keyword argument repeated: {}", arg.name), keyword.span);
                }
                keywords.push(keyword);
            }
            Argument::Generator(mut value) => {
                if count > 1 || has_comma(cx, Span::new(value.span.end, parens.end)) {
                    cx.error("Generator expression must be parenthesized", value.span);
                } else {
                    // As in CPython, the parentheses of the call are the generator's.
                    value.span = parens;
                }
                args.push(value);
            }
        }
    }
    if let Some((message, span)) = misplaced {
        cx.error(message, span);
    }
    (args, keywords)
}

//! Patterns of `case` clauses.

use crate::{
    ast::{Constant, Expr, ExprKind, Ident, MatchCase, Pattern, PatternKind, Stmt},
    make::{Context, target},
    span::Span,
};

fn pattern(kind: PatternKind, span: Span) -> Pattern {
    Pattern { kind, span }
}

pub(crate) fn case(pattern: Pattern, guard: Option<Expr>, body: Vec<Stmt>) -> MatchCase {
    MatchCase { pattern, guard, body }
}

/// A pattern that is not part of a sequence cannot have a star.
pub(crate) fn single(cx: &mut Context<'_>, pattern: Pattern) -> Pattern {
    if matches!(pattern.kind, PatternKind::MatchStar(_)) {
        cx.error("invalid syntax", pattern.span);
    }
    pattern
}

pub(crate) fn sequence(l: u32, r: u32, mut items: Vec<Pattern>, last: Option<Pattern>) -> Pattern {
    items.extend(last);
    pattern(PatternKind::MatchSequence(items), Span::new(l, r))
}

/// `(a)` is `a`, but `(*a)` is a sequence.
pub(crate) fn group(l: u32, r: u32, inner: Pattern) -> Pattern {
    if matches!(inner.kind, PatternKind::MatchStar(_)) { sequence(l, r, vec![inner], None) } else { inner }
}

fn unless_wildcard(name: Ident) -> Option<Ident> {
    (name.name != "_").then_some(name)
}

pub(crate) fn star(l: u32, r: u32, name: Ident) -> Pattern {
    pattern(PatternKind::MatchStar(unless_wildcard(name)), Span::new(l, r))
}

pub(crate) fn capture(cx: &mut Context<'_>, l: u32, r: u32, inner: Pattern, name: Ident) -> Pattern {
    if name.name == "_" {
        cx.error("cannot use '_' as a target", name.span);
    }
    target::check_name(cx, &name.name, name.span);
    pattern(PatternKind::MatchAs { pattern: Some(Box::new(inner)), name: Some(name) }, Span::new(l, r))
}

pub(crate) fn or(l: u32, r: u32, first: Pattern, rest: Vec<Pattern>) -> Pattern {
    let mut all = vec![first];
    all.extend(rest);
    pattern(PatternKind::MatchOr(all), Span::new(l, r))
}

pub(crate) fn singleton(l: u32, r: u32, constant: Constant) -> Pattern {
    pattern(PatternKind::MatchSingleton(constant), Span::new(l, r))
}

pub(crate) fn value(value: Expr) -> Pattern {
    let span = value.span;
    pattern(PatternKind::MatchValue(Box::new(value)), span)
}

/// A string in a pattern must be constant.
pub(crate) fn string(cx: &mut Context<'_>, value: Expr) -> Expr {
    if matches!(value.kind, ExprKind::JoinedStr(_)) {
        cx.error("patterns may only match literals and attribute lookups", value.span);
    }
    value
}

/// A plain name captures; a dotted one is looked up.
pub(crate) fn name(expr: Expr) -> Pattern {
    let span = expr.span;
    match expr.kind {
        ExprKind::Name(name) => {
            let name = unless_wildcard(Ident { name, span });
            pattern(PatternKind::MatchAs { pattern: None, name }, span)
        }
        _ => value(expr),
    }
}

/// One item of a mapping pattern.
pub(crate) enum MappingItem {
    /// `key: pattern`
    Pair(Expr, Pattern),
    /// `**rest`
    Rest(Ident, Span),
}

pub(crate) fn key(cx: &mut Context<'_>, key: Expr) -> Expr {
    if matches!(key.kind, ExprKind::Name(_)) {
        cx.error("mapping pattern keys may only match literals and attribute lookups", key.span);
    }
    key
}

pub(crate) fn mapping_item(key: Expr, pattern: Pattern) -> MappingItem {
    MappingItem::Pair(key, pattern)
}

pub(crate) fn mapping_rest(l: u32, r: u32, name: Ident) -> MappingItem {
    MappingItem::Rest(name, Span::new(l, r))
}

pub(crate) fn mapping(cx: &mut Context<'_>, l: u32, r: u32, items: Vec<MappingItem>) -> Pattern {
    let (mut keys, mut patterns, mut rest) = (Vec::new(), Vec::new(), None::<(Ident, Span)>);
    for item in items {
        if let Some((name, span)) = &rest {
            let message =
                format!("double star pattern '**{}' must be the last subpattern in the mapping pattern", name.name);
            cx.error(message, *span);
        }
        match item {
            MappingItem::Pair(key, pattern) => {
                keys.push(key);
                patterns.push(pattern);
            }
            MappingItem::Rest(name, span) => {
                if name.name == "_" {
                    cx.error("invalid syntax", name.span);
                }
                rest = Some((name, span));
            }
        }
    }
    let rest = rest.map(|(name, _)| name);
    pattern(PatternKind::MatchMapping { keys, patterns, rest }, Span::new(l, r))
}

/// One item of a class pattern.
pub(crate) enum ClassItem {
    /// `pattern`
    Positional(Pattern),
    /// `name=pattern`
    Keyword(Ident, Pattern),
}

pub(crate) fn positional(pattern: Pattern) -> ClassItem {
    ClassItem::Positional(pattern)
}

pub(crate) fn keyword(name: Ident, pattern: Pattern) -> ClassItem {
    ClassItem::Keyword(name, pattern)
}

pub(crate) fn class(cx: &mut Context<'_>, l: u32, r: u32, cls: Expr, items: Vec<ClassItem>) -> Pattern {
    let (mut patterns, mut kwd_attrs, mut kwd_patterns) = (Vec::new(), Vec::<Ident>::new(), Vec::new());
    for item in items {
        match item {
            ClassItem::Positional(pattern) => {
                if !kwd_attrs.is_empty() {
                    cx.error("positional patterns follow keyword patterns", pattern.span);
                }
                patterns.push(pattern);
            }
            ClassItem::Keyword(name, pattern) => {
                if kwd_attrs.iter().any(|other| other.name == name.name) {
                    let message = format!("attribute name repeated in class pattern: {}", name.name);
                    cx.error(message, name.span);
                }
                kwd_attrs.push(name);
                kwd_patterns.push(pattern);
            }
        }
    }
    let cls = Box::new(cls);
    pattern(PatternKind::MatchClass { cls, patterns, kwd_attrs, kwd_patterns }, Span::new(l, r))
}

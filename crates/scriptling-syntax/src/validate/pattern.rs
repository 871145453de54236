//! Rules of `match`: reachability, names and keys of patterns.

use std::collections::HashSet;

use super::Validator;
use crate::ast::{Constant, Expr, ExprKind, Ident, MatchCase, Pattern, PatternKind};

impl<'t> Validator<'t> {
    pub(super) fn cases(&mut self, cases: &'t [MatchCase]) {
        for (at, case) in cases.iter().enumerate() {
            let is_last = at + 1 == cases.len();
            if case.guard.is_none() && !is_last {
                self.refuse_irrefutable(&case.pattern);
            }
            let mut names = Names::default();
            self.pattern(&case.pattern, &mut names);
            self.exprs(case.guard.iter());
            self.body(&case.body);
        }
    }

    /// A pattern that matches everything makes what follows it unreachable.
    fn refuse_irrefutable(&mut self, pattern: &'t Pattern) {
        match &pattern.kind {
            PatternKind::MatchAs { pattern: None, name: Some(name) } => {
                let message = format!("name capture '{}' makes remaining patterns unreachable", name.name);
                self.error(message, pattern.span);
            }
            PatternKind::MatchAs { pattern: None, name: None } => {
                self.error("wildcard makes remaining patterns unreachable", pattern.span);
            }
            PatternKind::MatchAs { pattern: Some(inner), .. } => self.refuse_irrefutable(inner),
            PatternKind::MatchOr(alternatives) => {
                if let Some(last) = alternatives.last() {
                    self.refuse_irrefutable(last);
                }
            }
            _ => {}
        }
    }

    fn pattern(&mut self, pattern: &'t Pattern, names: &mut Names<'t>) {
        match &pattern.kind {
            PatternKind::MatchValue(value) => self.expr(value),
            PatternKind::MatchSingleton(_) => {}
            PatternKind::MatchSequence(items) => {
                let stars = items.iter().filter(|item| matches!(item.kind, PatternKind::MatchStar(_))).count();
                if stars > 1 {
                    self.error("multiple starred names in sequence pattern", pattern.span);
                }
                self.patterns(items.iter(), names);
            }
            PatternKind::MatchMapping { keys, patterns, rest } => {
                self.keys(pattern, keys);
                self.patterns(patterns.iter(), names);
                self.captures(rest.iter(), names);
            }
            PatternKind::MatchClass { cls, patterns, kwd_patterns, .. } => {
                self.expr(cls);
                self.patterns(patterns.iter().chain(kwd_patterns), names);
            }
            PatternKind::MatchStar(name) => self.captures(name.iter(), names),
            PatternKind::MatchAs { pattern, name } => {
                self.patterns(pattern.as_deref(), names);
                self.captures(name.iter(), names);
            }
            PatternKind::MatchOr(alternatives) => self.alternatives(pattern, alternatives, names),
        }
    }

    fn patterns(&mut self, patterns: impl IntoIterator<Item = &'t Pattern>, names: &mut Names<'t>) {
        for pattern in patterns {
            self.pattern(pattern, names);
        }
    }

    fn captures(&mut self, captures: impl IntoIterator<Item = &'t Ident>, names: &mut Names<'t>) {
        for name in captures {
            self.capture(name, names);
        }
    }

    fn capture(&mut self, name: &'t Ident, names: &mut Names<'t>) {
        if !names.insert(&name.name) {
            self.error(format!("multiple assignments to name '{}' in pattern", name.name), name.span);
        }
        self.bind(&name.name);
    }

    /// All alternatives bind the same names, and only the last may match everything.
    fn alternatives(&mut self, whole: &'t Pattern, alternatives: &'t [Pattern], names: &mut Names<'t>) {
        let mut bound: Option<Names<'t>> = None;
        let errors_before = self.errors.len();
        for (at, alternative) in alternatives.iter().enumerate() {
            if at + 1 < alternatives.len() {
                self.refuse_irrefutable(alternative);
            }
            let mut own = Names::default();
            self.pattern(alternative, &mut own);
            if bound.as_ref().is_some_and(|bound| *bound != own) {
                // An alternative that matches everything has other names than the rest; once is enough.
                if self.errors.len() == errors_before {
                    self.error("alternative patterns bind different names", alternative.span);
                }
                break;
            }
            bound = Some(own);
        }
        for name in bound.unwrap_or_default() {
            if !names.insert(name) {
                self.error(format!("multiple assignments to name '{name}' in pattern"), whole.span);
            }
        }
    }

    fn keys(&mut self, pattern: &'t Pattern, keys: &'t [Expr]) {
        for (at, key) in keys.iter().enumerate() {
            self.expr(key);
            let ExprKind::Constant(constant) = &key.kind else {
                continue;
            };
            let is_repeated = keys[..at].iter().any(|other| match &other.kind {
                ExprKind::Constant(other) => same_key(constant, other),
                _ => false,
            });
            if is_repeated {
                let text = key.span.slice(self.source);
                self.error(format!("mapping pattern checks duplicate key ({text})"), pattern.span);
                return;
            }
        }
    }
}

type Names<'t> = HashSet<&'t str>;

/// Whether two constants are the same dictionary key: `1`, `1.0` and `True` are.
fn same_key(a: &Constant, b: &Constant) -> bool {
    let number = |constant: &Constant| match constant {
        Constant::True => Some(1.0),
        Constant::False => Some(0.0),
        Constant::Int(value) => Some(*value as f64),
        Constant::Float(value) => Some(*value),
        _ => None,
    };
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

//! Every file of `tests/syntax/ok`: its tree and tokens as snapshots, and rules that hold for any file.
//!
//! A snapshot contains the input, a blank line and the output. To make them anew: `INSTA_UPDATE=always`.

use std::{fs, path::Path};

use scriptling_syntax::{
    Module, Span,
    ast::{Expr, Pattern, Stmt},
    dump, parse,
    visit::{Visitor, walk_expr, walk_pattern, walk_stmt},
};

fn cases() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/syntax/ok");
    let mut cases: Vec<_> = fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().expect("a file").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("a readable case"))
        })
        .collect();
    cases.sort();
    assert!(cases.len() >= 9);
    cases
}

fn module(text: &str) -> Module {
    let parsed = parse(text);
    assert_eq!(parsed.errors, []);
    parsed.module
}

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../tests/syntax/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

#[test]
fn trees() {
    for (name, text) in cases() {
        let output = dump::tree(&module(&text));
        settings().bind(|| insta::assert_snapshot!(format!("{name}_tree"), format!("{text}\n{output}")));
    }
}

#[test]
fn tokens() {
    for (name, text) in cases() {
        if matches!(name.as_str(), "layout" | "fstrings" | "soft_keywords") {
            let output = dump::tokens(&text);
            settings().bind(|| {
                insta::assert_snapshot!(format!("{name}_tokens"), format!("{text}\n{output}"));
            });
        }
    }
}

/// Line ends do not matter, not even inside strings.
#[test]
fn line_ends() {
    for (name, text) in cases() {
        let wanted = dump::tree(&module(&text));
        for line_end in ["\r\n", "\r"] {
            let found = dump::tree(&module(&text.replace('\n', line_end)));
            assert_eq!(found, wanted, "{name} with {line_end:?}");
        }
        let without_last = text.trim_end();
        assert_eq!(dump::tree(&module(without_last)), wanted, "{name} without a last newline");
    }
}

/// Checks that spans are inside their parent's and that statements are in order.
struct Spans<'t> {
    text: &'t str,
    parents: Vec<Span>,
    last_stmt: u32,
}

impl Spans<'_> {
    fn enter(&mut self, span: Span, walk: impl FnOnce(&mut Self)) {
        assert!(!span.is_empty() || span.slice(self.text).is_empty());
        assert!(self.text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
        if let Some(parent) = self.parents.last() {
            assert!(parent.contains(span), "{span:?} {:?} in {parent:?}", span.slice(self.text));
        }
        self.parents.push(span);
        walk(self);
        self.parents.pop();
    }
}

impl Visitor for Spans<'_> {
    fn stmt(&mut self, stmt: &Stmt) {
        assert!(self.last_stmt <= stmt.span.start, "{:?}", stmt.span);
        self.last_stmt = stmt.span.start;
        // Decorators stand in front of the span of their definition.
        let mut span = stmt.span;
        let decorated = self.text[..stmt.span.start as usize].trim_end();
        if decorated.lines().last().is_some_and(|line| line.trim_start().starts_with('@')) {
            span.start = self.parents.last().map_or(0, |parent| parent.start);
        }
        self.enter(span, |this| walk_stmt(this, stmt));
    }

    fn expr(&mut self, expr: &Expr) {
        self.enter(expr.span, |this| walk_expr(this, expr));
    }

    fn pattern(&mut self, pattern: &Pattern) {
        self.enter(pattern.span, |this| walk_pattern(this, pattern));
    }
}

#[test]
fn spans() {
    for (_, text) in cases() {
        let module = module(&text);
        let mut spans = Spans { text: &text, parents: Vec::new(), last_stmt: 0 };
        for stmt in &module.body {
            spans.stmt(stmt);
        }
    }
}

//! Errors as text, in the layout of CPython's tracebacks.
//!
//! ```text
//!   File "x.py", line 3
//!     print("a"
//!          ^
//! SyntaxError: '(' was never closed
//! ```
//!
//! The source line loses its indentation; tabs inside it become one space and wide characters count two columns,
//! so that the carets stand under the right text in a terminal.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;

use crate::{error::SyntaxError, source::Source, span::Span};

/// How many columns of a line are shown: the line may be megabytes long.
const MAX_COLUMNS: usize = 200;

/// Render one error with its source line and carets; ends in a newline.
pub fn render(source: &Source, error: &SyntaxError) -> String {
    let line = source.line(error.span.start);
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "  File \"{}\", line {line}", source.name());
    excerpt(source, error.span, &mut out);
    let _ = writeln!(out, "{error}");
    out
}

/// Append the first line of a span, indented by four, and carets under the span.
pub fn excerpt(source: &Source, span: Span, out: &mut String) {
    let line = source.line_span(source.line(span.start));
    let text = line.slice(source.text());
    let trimmed = text.trim_start_matches([' ', '\t', '\x0C']);
    if trimmed.trim_end().is_empty() {
        return;
    }
    let first = line.start as usize + (text.len() - trimmed.len());
    let from = (span.start as usize).saturating_sub(first);
    let to = (span.end as usize).saturating_sub(first).max(from + 1);
    // Long lines are shown around the fault.
    let start = window_start(trimmed, from);
    let (mut shown, mut carets) = (String::new(), String::new());
    for (at, c) in trimmed[start..].char_indices().take(MAX_COLUMNS) {
        let at = start + at;
        let width = c.width().unwrap_or(1);
        shown.push(if c.is_control() { ' ' } else { c });
        let mark = if (from..to).contains(&at) { '^' } else { ' ' };
        carets.extend(std::iter::repeat_n(mark, width.max(usize::from(c.is_control()))));
    }
    if !carets.contains('^') {
        // The fault is the end of the line.
        carets.push('^');
    }
    let (shown, carets) = (shown.trim_end(), carets.trim_end());
    let _ = writeln!(out, "    {shown}\n    {carets}");
}

/// Where the shown part of a line starts: at its start, or a little in front of the fault.
fn window_start(text: &str, fault: usize) -> usize {
    if text.len() <= MAX_COLUMNS { 0 } else { text.floor_char_boundary(fault.saturating_sub(MAX_COLUMNS / 2)) }
}

//! String literals: implicit concatenation, f-string pieces, the mix of both.

use crate::{
    ast::{Constant, Conversion, Expr, ExprKind, Ident},
    error::SyntaxError,
    literal::{self, Prefix},
    make::{Context, deepest, leaf},
    span::Span,
};

/// One literal of a row of adjacent literals.
pub(crate) enum Part {
    /// A string or bytes literal.
    Plain(Span),
    /// An f-string with the span of its prefix and quote.
    Format(Span, Vec<Piece>),
}

/// A piece of an f-string.
pub(crate) enum Piece {
    /// Literal text.
    Text(Span),
    /// A field in braces.
    Field(Box<Field>),
}

/// The format of a field: where it starts, its pieces, where it ends.
pub(crate) type Format = (u32, Vec<Piece>, u32);

/// A field whose format is not decoded yet: only the string around it knows whether it is raw.
pub(crate) struct Field {
    value: Expr,
    /// The text that `=` puts in front of the value.
    label: Option<Span>,
    conversion: Option<Conversion>,
    format: Option<Format>,
    span: Span,
}

pub(crate) fn plain(l: u32, r: u32) -> Part {
    Part::Plain(Span::new(l, r))
}

pub(crate) fn fstring(_l: u32, _r: u32, start: (u32, u32), pieces: Vec<Piece>) -> Part {
    Part::Format(Span::new(start.0, start.1), pieces)
}

pub(crate) fn text(l: u32, r: u32) -> Piece {
    Piece::Text(Span::new(l, r))
}

/// `{value=!conversion:format}`
#[allow(clippy::too_many_arguments, reason = "one parameter per part of the production")]
pub(crate) fn field(
    cx: &mut Context<'_>,
    l: u32,
    r: u32,
    value: Expr,
    equal: Option<u32>,
    conversion: Option<Ident>,
    format: Option<Format>,
) -> Piece {
    let label = equal.map(|end| {
        let rest = cx.source.get(end as usize..).unwrap_or("");
        let blank = rest.len() - rest.trim_start().len();
        Span::new(l + 1, end + blank as u32)
    });
    let conversion = match conversion {
        Some(name) => match name.name.as_str() {
            "s" => Some(Conversion::Str),
            "r" => Some(Conversion::Repr),
            "a" => Some(Conversion::Ascii),
            other => {
                let message = format!("f-string: invalid conversion character '{other}': expected 's', 'r', or 'a'");
                cx.error(message, name.span);
                None
            }
        },
        // `{x=}` shows the repr, unless a format asks for the str.
        None if equal.is_some() && format.is_none() => Some(Conversion::Repr),
        None => None,
    };
    Piece::Field(Box::new(Field { value, label, conversion, format, span: Span::new(l, r) }))
}

/// The values of a `JoinedStr`, adjacent text joined.
#[derive(Default)]
struct Joined {
    values: Vec<Expr>,
    text: String,
    text_span: Option<Span>,
}

impl Joined {
    fn pieces(&mut self, cx: &mut Context<'_>, pieces: Vec<Piece>, raw: bool) {
        for piece in pieces {
            match piece {
                Piece::Text(span) => self.literal(cx, span, raw),
                Piece::Field(field) => {
                    if let Some(label) = field.label {
                        self.text.push_str(label.slice(cx.source));
                        self.extend(label);
                    }
                    self.flush();
                    self.values.push(formatted_value(cx, *field, raw));
                }
            }
        }
    }

    fn extend(&mut self, span: Span) {
        self.text_span = Some(self.text_span.map_or(span, |old| old.to(span)));
    }

    /// Text of an f-string, in which braces are doubled.
    fn literal(&mut self, cx: &mut Context<'_>, span: Span, raw: bool) {
        let body = span.slice(cx.source);
        let mut decoded = String::with_capacity(body.len());
        let mut rest = body;
        while let Some(at) = find_doubled(rest, raw) {
            let start = span.start + (body.len() - rest.len()) as u32;
            decode(cx, &rest[..=at], raw, start, &mut decoded);
            rest = &rest[at + 2..];
        }
        let start = span.start + (body.len() - rest.len()) as u32;
        decode(cx, rest, raw, start, &mut decoded);
        self.text.push_str(&decoded);
        self.extend(span);
    }

    fn flush(&mut self) {
        let Some(span) = self.text_span.take() else {
            return;
        };
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text).into_boxed_str();
            self.values.push(leaf(ExprKind::Constant(Constant::Str(text)), span));
        }
    }

    fn finish(mut self) -> Vec<Expr> {
        self.flush();
        self.values
    }
}

/// Recursion is bounded by the lexer's limit on nested formats.
fn formatted_value(cx: &mut Context<'_>, field: Field, raw: bool) -> Expr {
    let format_spec = field.format.map(|(start, pieces, end)| {
        let mut joined = Joined::default();
        joined.pieces(cx, pieces, raw);
        let values = joined.finish();
        let below = deepest(&values);
        Box::new(cx.node(ExprKind::JoinedStr(values), Span::new(start, end), below))
    });
    let below = field.value.depth.max(format_spec.as_ref().map_or(0, |spec| spec.depth));
    let value = Box::new(field.value);
    cx.node(ExprKind::FormattedValue { value, conversion: field.conversion, format_spec }, field.span, below)
}

/// The first doubled brace that is not part of a `\N{...}`.
fn find_doubled(text: &str, raw: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at + 1 < bytes.len() {
        match bytes[at] {
            b'{' | b'}' if bytes[at + 1] == bytes[at] => return Some(at),
            b'\\' if !raw && bytes[at + 1] == b'N' && bytes.get(at + 2) == Some(&b'{') => {
                at += bytes[at..].iter().position(|&b| b == b'}').map_or(2, |end| end + 1);
            }
            b'\\' if !raw && !matches!(bytes[at + 1], b'{' | b'}') => at += 2,
            _ => at += 1,
        }
    }
    None
}

fn decode(cx: &mut Context<'_>, body: &str, raw: bool, start: u32, out: &mut String) {
    if let Err(error) = literal::decode_str(body, raw, start, out) {
        cx.errors.push(error);
    }
}

/// `"a" f"{b}" 'c'`
pub(crate) fn concatenate(cx: &mut Context<'_>, l: u32, r: u32, parts: Vec<Part>) -> Expr {
    let span = Span::new(l, r);
    let source = cx.source;
    let is_bytes = |part: &Part| match part {
        Part::Plain(span) => Prefix::of(span.slice(source)).bytes,
        Part::Format(..) => false,
    };
    let bytes_count = parts.iter().filter(|part| is_bytes(part)).count();
    if bytes_count == parts.len() {
        let constant = bytes_literal(cx, &parts);
        return leaf(ExprKind::Constant(constant), span);
    }
    if bytes_count > 0 {
        cx.error("cannot mix bytes and nonbytes literals", span);
        return leaf(ExprKind::Constant(Constant::None), span);
    }
    let has_format = parts.iter().any(|part| matches!(part, Part::Format(..)));
    let mut joined = Joined::default();
    for part in parts {
        match part {
            Part::Plain(span) => {
                let (prefix, body, start) = body_of(cx.source, span);
                decode(cx, body, prefix.raw, start, &mut joined.text);
                joined.extend(span);
            }
            Part::Format(start, pieces) => {
                let raw = Prefix::of(start.slice(cx.source)).raw;
                joined.pieces(cx, pieces, raw);
            }
        }
    }
    if !has_format {
        return leaf(ExprKind::Constant(Constant::Str(joined.text.into_boxed_str())), span);
    }
    let values = joined.finish();
    let below = deepest(&values);
    cx.node(ExprKind::JoinedStr(values), span, below)
}

/// Prefix, body and the offset of the body of a string literal.
fn body_of(source: &str, span: Span) -> (Prefix, &str, u32) {
    let text = span.slice(source);
    let prefix = Prefix::of(text);
    let close = if prefix.triple { 3 } else { 1 };
    // A literal that is not terminated has been reported; any body will do.
    let body = text.get(prefix.len..text.len().saturating_sub(close)).unwrap_or("");
    (prefix, body, span.start + prefix.len as u32)
}

fn bytes_literal(cx: &mut Context<'_>, parts: &[Part]) -> Constant {
    let mut value = Vec::new();
    for part in parts {
        let Part::Plain(span) = part else { continue };
        let (prefix, body, start) = body_of(cx.source, *span);
        if !body.is_ascii() {
            cx.errors.push(SyntaxError::new("bytes can only contain ASCII literal characters", *span));
        } else if let Err(error) = literal::decode_bytes(body, prefix.raw, start, &mut value) {
            cx.errors.push(error);
        }
    }
    Constant::Bytes(value.into_boxed_slice())
}

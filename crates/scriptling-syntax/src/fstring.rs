//! F-strings (PEP 701): the part of the lexer between an opening and a closing quote.
//!
//! An f-string becomes a flat run of tokens: `FStringStart`, pieces of text
//! (`FStringMiddle`), fields, `FStringEnd`.
//! A field is `FieldOpen`, ordinary tokens, and `FieldClose`, with `FieldColon` in front of a format, in which
//! text and fields alternate again. Nothing is copied and nothing recurses: nesting is the lexer's own stack of
//! [`FString`]s, and the same logos lexer goes on behind every `{`.

use logos::Logos;

use crate::{
    MAX_BRACKETS,
    lexer::{Bracket, Lexer, last_line},
    literal::Prefix,
    token::Token,
};

/// How deep fields may nest in formats of fields; CPython's MAXEXPRNESTING.
const MAX_FIELDS: usize = 3;

/// An f-string around the current position.
pub(crate) struct FString {
    pub(crate) quote: u8,
    pub(crate) triple: bool,
    raw: bool,
    /// Offset of the prefix.
    start: usize,
    /// The open fields, outermost first.
    fields: Vec<Field>,
}

/// An open field.
struct Field {
    /// How many brackets were open including the field's own brace.
    brackets: usize,
    /// Whether the format has begun.
    in_format: bool,
}

impl Lexer<'_> {
    /// Whether the next characters are literal text.
    pub(crate) fn in_fstring_text(&self) -> bool {
        self.fstrings.last().is_some_and(|fstring| fstring.fields.last().is_none_or(|field| field.in_format))
    }

    /// Whether a `:` here would start the format of a field.
    pub(crate) fn at_field_level(&self) -> bool {
        self.fstrings
            .last()
            .and_then(|fstring| fstring.fields.last())
            .is_some_and(|field| !field.in_format && field.brackets == self.brackets.len())
    }

    pub(crate) fn fstring_start(&mut self, start: usize) {
        let prefix = Prefix::of(self.logos.slice());
        self.push(Token::FStringStart, start, start + prefix.len);
        self.fstrings.push(FString {
            quote: prefix.quote,
            triple: prefix.triple,
            raw: prefix.raw,
            start,
            fields: Vec::new(),
        });
    }

    pub(crate) fn field_colon(&mut self, start: usize) {
        self.push(Token::FieldColon, start, start + 1);
        if let Some(field) = self.fstrings.last_mut().and_then(|fstring| fstring.fields.last_mut()) {
            field.in_format = true;
        }
        self.go_to(start + 1);
    }

    pub(crate) fn field_close(&mut self, start: usize) {
        self.brackets.pop();
        if let Some(fstring) = self.fstrings.last_mut() {
            fstring.fields.pop();
        }
        self.push(Token::FieldClose, start, start + 1);
    }

    /// Continue at an offset, forwards or backwards.
    fn go_to(&mut self, offset: usize) {
        let position = self.position();
        if offset < position {
            self.logos = Token::lexer(self.source);
            self.logos.bump(offset);
        } else {
            self.logos.bump(offset - position);
        }
    }

    /// Read text up to the next field or quote.
    pub(crate) fn fstring_text(&mut self) {
        let Some(fstring) = self.fstrings.last() else {
            return;
        };
        let (quote, triple, raw, fstring_start) = (fstring.quote, fstring.triple, fstring.raw, fstring.start);
        let in_format = !fstring.fields.is_empty();
        let bytes = self.source.as_bytes();
        let start = self.position();
        let mut at = start;
        loop {
            match bytes.get(at) {
                Some(b'\\') => at += escape_len(&bytes[at..], raw),
                Some(b'{') if !in_format && bytes.get(at + 1) == Some(&b'{') => at += 2,
                Some(b'{') => return self.field_open(start, at),
                Some(b'}') if in_format => {
                    self.text(start, at);
                    self.go_to(at + 1);
                    return self.field_close(at);
                }
                Some(b'}') if bytes.get(at + 1) == Some(&b'}') => at += 2,
                Some(b'}') => {
                    self.error("f-string: single '}' is not allowed", at, at + 1);
                    at += 1;
                }
                Some(&byte) if byte == quote && (!triple || bytes[at..].starts_with(&[quote; 3])) => {
                    let len = if triple { 3 } else { 1 };
                    self.text(start, at);
                    if in_format {
                        self.error("f-string: expecting '}'", at, at + len);
                        self.abandon_fields();
                    }
                    self.push(Token::FStringEnd, at, at + len);
                    self.fstrings.pop();
                    return self.go_to(at + len);
                }
                Some(b'\n' | b'\r') if !triple => break,
                Some(_) => at += 1,
                None => break,
            }
        }
        let at = at.min(bytes.len());
        let kind = if triple { "triple-quoted f-string" } else { "f-string" };
        let line = last_line(self.source, at);
        let message = format!("unterminated {kind} literal (detected at line {line})");
        let prefix = Prefix::of(&self.source[fstring_start..]);
        self.error(message, fstring_start, fstring_start + prefix.len);
        self.text(start, at);
        self.push(Token::FStringEnd, at, at);
        self.fstrings.clear();
        self.brackets.clear();
        self.go_to(at);
    }

    fn text(&mut self, start: usize, end: usize) {
        if start < end {
            self.push(Token::FStringMiddle, start, end);
        }
    }

    fn field_open(&mut self, start: usize, at: usize) {
        self.text(start, at);
        self.go_to(at + 1);
        if self.fstrings.last().is_some_and(|fstring| fstring.fields.len() >= MAX_FIELDS) {
            self.error("f-string: expressions nested too deeply", at, at + 1);
        } else if self.brackets.len() >= MAX_BRACKETS {
            self.error("too many nested parentheses", at, at + 1);
        } else {
            self.brackets.push(Bracket { open: b'{', start: at, field: true });
            let brackets = self.brackets.len();
            if let Some(fstring) = self.fstrings.last_mut() {
                fstring.fields.push(Field { brackets, in_format: false });
            }
            self.push(Token::FieldOpen, at, at + 1);
            return;
        }
        // Nothing useful can be said about what is inside: drop the rest of the text.
        self.go_to(self.source.len());
        self.fstrings.clear();
        self.brackets.clear();
    }

    /// Forget the open fields of the innermost f-string.
    fn abandon_fields(&mut self) {
        if let Some(fstring) = self.fstrings.last_mut() {
            for _ in fstring.fields.drain(..) {
                self.brackets.pop();
            }
        }
    }
}

/// How many bytes a backslash and what it hides take.
fn escape_len(bytes: &[u8], raw: bool) -> usize {
    match bytes.get(1) {
        // Braces are special behind a backslash, too.
        Some(b'{' | b'}') | None => 1,
        Some(b'\r') if bytes.get(2) == Some(&b'\n') => 3,
        Some(b'N') if !raw && bytes.get(2) == Some(&b'{') => {
            let name = bytes[3..].iter().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b' ' | b'-')));
            match name {
                Some(len) if bytes[3 + len] == b'}' => len + 4,
                _ => 2,
            }
        }
        _ => 2,
    }
}

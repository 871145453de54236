//! The values of number and string literals.
//!
//! Two halves: `scan_number` and `scan_string` find the end of a literal for the lexer (and are the only place
//! that reports malformed numbers); `number_value`, `decode_str` and `decode_bytes` compute values for `make.rs`.
//! Strings are Unicode text here, so a lone surrogate escape such as `'\ud800'` is refused.

use num_bigint::BigInt;
use num_traits::Num;

use crate::{ast::Constant, error::SyntaxError, span::Span};

/// CPython's default for the digits of a decimal literal: conversion is quadratic.
const MAX_DECIMAL_DIGITS: usize = 4300;

/// A malformed literal: where (relative to the scanned text), how many bytes, and what to say.
pub(crate) struct Malformed {
    /// Offset of the fault.
    pub(crate) at: usize,
    /// The message.
    pub(crate) message: String,
}

impl Malformed {
    fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}

/// Find the end of the number at the start of `text`. A malformed number is skipped as a whole.
pub(crate) fn scan_number(text: &str) -> (usize, Option<Malformed>) {
    let bytes = text.as_bytes();
    let (end, fault) = match (bytes[0], bytes.get(1)) {
        (b'0', Some(b'x' | b'X')) => scan_radix(bytes, 16, "hexadecimal"),
        (b'0', Some(b'o' | b'O')) => scan_radix(bytes, 8, "octal"),
        (b'0', Some(b'b' | b'B')) => scan_radix(bytes, 2, "binary"),
        _ => scan_decimal(bytes),
    };
    if fault.is_none() {
        return (end, None);
    }
    // Skip what the author probably meant as part of the number, so that one mistake is one error.
    let tail = text[end..].find(|c: char| !unicode_ident::is_xid_continue(c)).unwrap_or(text.len() - end);
    (end + tail, fault)
}

fn scan_radix(bytes: &[u8], radix: u32, name: &str) -> (usize, Option<Malformed>) {
    let is_digit = |at: usize| bytes.get(at).is_some_and(|&b| char::from(b).is_digit(radix));
    let mut at = 2;
    loop {
        let underscore = bytes.get(at) == Some(&b'_');
        let first = at + usize::from(underscore);
        if !is_digit(first) {
            if at > 2 && !underscore {
                break;
            }
            return (first, Some(radix_fault(bytes, first, name)));
        }
        at = first;
        while is_digit(at) {
            at += 1;
        }
        if bytes.get(at) != Some(&b'_') {
            break;
        }
    }
    if bytes.get(at).is_some_and(u8::is_ascii_digit) {
        return (at, Some(radix_fault(bytes, at, name)));
    }
    (at, check_number_end(bytes, at, name))
}

fn radix_fault(bytes: &[u8], at: usize, name: &str) -> Malformed {
    match bytes.get(at) {
        Some(&digit) if digit.is_ascii_digit() => {
            Malformed::new(at, format!("invalid digit '{}' in {name} literal", char::from(digit)))
        }
        _ => Malformed::new(at - 1, format!("invalid {name} literal")),
    }
}

/// Digits with single underscores between them; the fault points at the last good byte, as in CPython.
fn scan_digits(bytes: &[u8], mut at: usize) -> Result<usize, (usize, Malformed)> {
    loop {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        if bytes.get(at) != Some(&b'_') {
            return Ok(at);
        }
        at += 1;
        if !bytes.get(at).is_some_and(u8::is_ascii_digit) {
            return Err((at, Malformed::new(at - 1, "invalid decimal literal")));
        }
    }
}

fn scan_decimal(bytes: &[u8]) -> (usize, Option<Malformed>) {
    match try_scan_decimal(bytes) {
        Ok(end) => (end, None),
        Err((end, fault)) => (end, Some(fault)),
    }
}

fn try_scan_decimal(bytes: &[u8]) -> Result<usize, (usize, Malformed)> {
    let mut at = scan_digits(bytes, 0)?;
    let mut is_integer = true;
    if bytes.get(at) == Some(&b'.') {
        is_integer = false;
        at += 1;
        if bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at = scan_digits(bytes, at)?;
        }
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        if bytes.get(at + 1 + sign).is_some_and(u8::is_ascii_digit) {
            is_integer = false;
            at = scan_digits(bytes, at + 1 + sign)?;
        } else if sign == 1 {
            return Err((at + 2, Malformed::new(at, "invalid decimal literal")));
        }
    }
    if matches!(bytes.get(at), Some(b'j' | b'J')) {
        return check_number_end(bytes, at + 1, "imaginary").map_or(Ok(at + 1), |fault| Err((at + 1, fault)));
    }
    if is_integer && at > 1 && bytes[0] == b'0' && bytes[..at].iter().any(|b| matches!(b, b'1'..=b'9')) {
        let message = "leading zeros in decimal integer literals are not permitted; \
                       use an 0o prefix for octal integers";
        return Err((at, Malformed::new(0, message)));
    }
    check_number_end(bytes, at, "decimal").map_or(Ok(at), |fault| Err((at, fault)))
}

/// A name may not follow a number directly, except the keywords that CPython still lets through.
fn check_number_end(bytes: &[u8], at: usize, name: &str) -> Option<Malformed> {
    let next = *bytes.get(at)?;
    if next.is_ascii() {
        if !(next.is_ascii_alphanumeric() || next == b'_') {
            return None;
        }
    } else {
        let len = match next {
            0xF0.. => 4,
            0xE0.. => 3,
            _ => 2,
        };
        let c = std::str::from_utf8(bytes.get(at..at + len)?).ok()?.chars().next()?;
        if !unicode_ident::is_xid_continue(c) {
            return None;
        }
    }
    let word_end = bytes[at..].iter().position(|b| !b.is_ascii_alphabetic()).map_or(bytes.len(), |n| at + n);
    match &bytes[at..word_end] {
        b"and" | b"else" | b"for" | b"if" | b"in" | b"is" | b"not" | b"or" => None,
        _ => Some(Malformed::new(at - 1, format!("invalid {name} literal"))),
    }
}

/// The value of a number literal; a malformed one has been reported, so it may be anything.
pub(crate) fn number_value(text: &str, span: Span) -> Result<Constant, SyntaxError> {
    let without_underscores;
    let text = if text.contains('_') {
        without_underscores = text.replace('_', "");
        &without_underscores
    } else {
        text
    };
    let bytes = text.as_bytes();
    let radix = match bytes.get(1) {
        Some(b'x' | b'X') => 16,
        Some(b'o' | b'O') => 8,
        Some(b'b' | b'B') => 2,
        _ => 10,
    };
    if radix != 10 {
        let digits = &text[2..];
        return Ok(i64::from_str_radix(digits, radix).map_or_else(|_| big(digits, radix), Constant::Int));
    }
    if let Some(digits) = text.strip_suffix(['j', 'J']) {
        return Ok(Constant::Imaginary(digits.parse().unwrap_or(0.0)));
    }
    if bytes.iter().any(|b| !b.is_ascii_digit()) {
        return Ok(Constant::Float(text.parse().unwrap_or(0.0)));
    }
    if let Ok(value) = text.parse() {
        return Ok(Constant::Int(value));
    }
    if text.len() > MAX_DECIMAL_DIGITS {
        let message = format!(
            "Exceeds the limit ({MAX_DECIMAL_DIGITS} digits) for integer string conversion: value has {} digits; \
             use sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer \
             literals to avoid decimal conversion limits.",
            text.len()
        );
        return Err(SyntaxError::new(message, span));
    }
    Ok(big(text, 10))
}

fn big(digits: &str, radix: u32) -> Constant {
    // The lexer has reported a malformed literal; then any value will do.
    let value = BigInt::from_str_radix(digits, radix).unwrap_or_default();
    Constant::BigInt(Box::new(value))
}

/// The end of a string body that starts at `text[from]`, or `None` if it is not terminated.
///
/// The result is the offset of the closing quote; for an unterminated string, the error is where it stops.
pub(crate) fn scan_string(bytes: &[u8], from: usize, quote: u8, triple: bool) -> Result<usize, usize> {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        if byte == b'\\' {
            // A backslash hides the next character, even in raw strings; `\r\n` counts as one.
            at += if bytes.get(at + 1) == Some(&b'\r') && bytes.get(at + 2) == Some(&b'\n') { 3 } else { 2 };
        } else if byte == quote && (!triple || bytes[at..].starts_with(&[quote; 3])) {
            return Ok(at);
        } else if !triple && matches!(byte, b'\n' | b'\r') {
            return Err(at);
        } else {
            at += 1;
        }
    }
    Err(bytes.len())
}

/// What the prefix of a string literal says, and where its body is.
#[derive(Clone, Copy)]
pub(crate) struct Prefix {
    /// `b`
    pub(crate) bytes: bool,
    /// `r`
    pub(crate) raw: bool,
    /// The quote character.
    pub(crate) quote: u8,
    /// Whether three quotes open it.
    pub(crate) triple: bool,
    /// Length of prefix and opening quotes.
    pub(crate) len: usize,
}

impl Prefix {
    /// Read prefix and opening quotes at the start of `text`.
    pub(crate) fn of(text: &str) -> Self {
        let letters = text.bytes().position(|b| matches!(b, b'\'' | b'"')).unwrap_or(0);
        let (prefix, rest) = text.as_bytes().split_at(letters);
        let quote = rest.first().copied().unwrap_or(b'"');
        let triple = rest.starts_with(&[quote; 3]);
        Self {
            bytes: prefix.iter().any(|b| matches!(b, b'b' | b'B')),
            raw: prefix.iter().any(|b| matches!(b, b'r' | b'R')),
            quote,
            triple,
            len: letters + if triple { 3 } else { 1 },
        }
    }
}

/// Line ends inside literals are `\n`, whatever the file uses.
fn push_normalised(out: &mut String, text: &str) {
    if !text.contains('\r') {
        out.push_str(text);
        return;
    }
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\r' {
            chars.next_if_eq(&'\n');
            out.push('\n');
        } else {
            out.push(c);
        }
    }
}

/// Append the value of a string body to `out`; `start` is the offset of `body` in the source.
pub(crate) fn decode_str(body: &str, raw: bool, start: u32, out: &mut String) -> Result<(), SyntaxError> {
    let mut rest = body;
    while !raw && let Some(at) = rest.find('\\') {
        push_normalised(out, &rest[..at]);
        let position = body.len() - rest.len() + at;
        let escape = &rest[at + 1..];
        let used = decode_escape(escape, position, start, out)?;
        rest = &escape[used..];
    }
    push_normalised(out, rest);
    Ok(())
}

/// Decode one escape (without its backslash); returns how many bytes it takes.
fn decode_escape(escape: &str, position: usize, start: u32, out: &mut String) -> Result<usize, SyntaxError> {
    let bytes = escape.as_bytes();
    let fault = |len: usize, what: &str| {
        let from = start + position as u32;
        SyntaxError::new(
            format!(
                "(unicode error) 'unicodeescape' codec can't decode bytes in position {position}-{}: {what}",
                position + len
            ),
            Span::new(from, from + 1 + len as u32),
        )
    };
    let hex = |digits: usize| {
        let found = bytes[1..].iter().take(digits).take_while(|b| b.is_ascii_hexdigit()).count();
        if found < digits {
            let letter = char::from(bytes[0]);
            return Err(fault(1 + found, &format!("truncated \\{letter}{} escape", "X".repeat(digits))));
        }
        let value = u32::from_str_radix(&escape[1..=digits], 16).unwrap_or(u32::MAX);
        match char::from_u32(value) {
            Some(c) => Ok((c, 1 + digits)),
            None if value < 0xE000 => Err(fault(1 + digits, "surrogates not allowed")),
            None => Err(fault(1 + digits, "illegal Unicode character")),
        }
    };
    let (c, used) = match bytes.first() {
        Some(b'\n') => return Ok(1),
        Some(b'\r') => return Ok(if bytes.get(1) == Some(&b'\n') { 2 } else { 1 }),
        Some(b'x') => hex(2)?,
        Some(b'u') => hex(4)?,
        Some(b'U') => hex(8)?,
        Some(b'N') => {
            let name_end = bytes.get(1).filter(|&&b| b == b'{').and_then(|_| escape.find('}'));
            let Some(end) = name_end.filter(|&end| end > 2) else {
                let len = if bytes.get(1) == Some(&b'{') { name_end.unwrap_or(bytes.len()) } else { 1 };
                return Err(fault(len, "malformed \\N character escape"));
            };
            match unicode_names2::character(&escape[2..end]) {
                Some(c) => (c, end + 1),
                None => return Err(fault(end + 1, "unknown Unicode character name")),
            }
        }
        Some(b'0'..=b'7') => {
            let (value, used) = octal(bytes);
            (char::from_u32(value).unwrap_or('\0'), used)
        }
        Some(&byte) => match simple_escape(byte) {
            Some(value) => (char::from(value), 1),
            // An unknown escape stands for itself, backslash included.
            None => ('\\', 0),
        },
        None => ('\\', 0),
    };
    out.push(c);
    Ok(used)
}

/// The value of a bytes body.
pub(crate) fn decode_bytes(body: &str, raw: bool, start: u32, out: &mut Vec<u8>) -> Result<(), SyntaxError> {
    let mut normalised = String::new();
    push_normalised(&mut normalised, body);
    let bytes = normalised.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        if byte != b'\\' || raw {
            out.push(byte);
            continue;
        }
        let Some(&kind) = bytes.get(at) else { break };
        match kind {
            b'\n' => at += 1,
            b'x' => {
                let digits = bytes.get(at + 1..at + 3).and_then(|d| std::str::from_utf8(d).ok());
                let value = digits
                    .filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))
                    .and_then(|d| u8::from_str_radix(d, 16).ok());
                let Some(value) = value else {
                    let position = at - 1;
                    let from = start + position as u32;
                    return Err(SyntaxError::new(
                        format!("(value error) invalid \\x escape at position {position}"),
                        Span::new(from, from + 2),
                    ));
                };
                out.push(value);
                at += 3;
            }
            b'0'..=b'7' => {
                let (value, used) = octal(&bytes[at..]);
                out.push(value as u8);
                at += used;
            }
            _ => match simple_escape(kind) {
                Some(value) => {
                    out.push(value);
                    at += 1;
                }
                None => out.push(b'\\'),
            },
        }
    }
    Ok(())
}

fn octal(bytes: &[u8]) -> (u32, usize) {
    let used = bytes.iter().take(3).take_while(|b| matches!(b, b'0'..=b'7')).count();
    let value = bytes[..used].iter().fold(0, |value, digit| value * 8 + u32::from(digit - b'0'));
    (value, used)
}

fn simple_escape(byte: u8) -> Option<u8> {
    Some(match byte {
        b'\\' | b'\'' | b'"' => byte,
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        _ => return None,
    })
}

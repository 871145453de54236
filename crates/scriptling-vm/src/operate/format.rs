//! The format mini-language: `format(value, spec)`, f-string fields, `str.format`.
//!
//! A spec is `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`. Numbers are first turned into sign, digits
//! and the rest, then laid out: digits are grouped, zeros are inserted between sign and digits, the whole is padded.
//! Width and precision come from the script, so memory is asked for before anything is built.

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};
use smol_str::SmolStr;

use super::digits::Digits;
use super::dispatch::{base_value, flagged};
use super::{number, number_text, repr};
use crate::error::Raise;
use crate::heap::Str;
use crate::heap::class::Dunders;
use crate::native::{Cx, NativeResult, Outcome};
use crate::value::{Tag, Value};

/// `format(value, spec)`.
pub(crate) fn format(cx: &mut Cx<'_>, value: Value, spec: &str) -> NativeResult {
    if let Some(method) = flagged(cx, value, Dunders::FORMAT, "__format__") {
        let spec = cx.str(spec);
        return Ok(Outcome::call(method, &[value, spec], |cx, result| {
            let result = result?;
            if base_value(cx, result).is::<Str>() {
                return Ok(Outcome::Return(result));
            }
            let found = cx.type_name(result);
            Err(Raise::type_error(format!("__format__ must return a str, not {found}")))
        }));
    }
    if spec.is_empty() {
        return repr::str(cx, value);
    }
    if let Some(text) = super::field::format(cx.heap_mut(), value, spec) {
        return Ok(Outcome::Return(text));
    }
    let text = format_builtin(cx, value, spec)?;
    Ok(Outcome::Return(cx.str(text)))
}

/// `format(value, spec)`, or `None` if script code decides it.
pub(crate) fn format_native(cx: &mut Cx<'_>, value: Value, spec: &str) -> Result<Option<SmolStr>, Raise> {
    if flagged(cx, value, Dunders::FORMAT, "__format__").is_some() {
        return Ok(None);
    }
    if spec.is_empty() { repr::str_native(cx, value) } else { format_builtin(cx, value, spec).map(Some) }
}

/// Formats by a spec that is not empty.
fn format_builtin(cx: &mut Cx<'_>, value: Value, spec: &str) -> Result<SmolStr, Raise> {
    let base = base_value(cx, value);
    if let Some(text) = base.as_gc::<Str>() {
        let text = text.get(cx.heap()).to_smol();
        let spec = Spec::parse(cx, value, spec, 's', Align::Left)?;
        return format_text(cx, value, &text, &spec);
    }
    if let Some(float) = base.as_float() {
        let spec = Spec::parse(cx, value, spec, '\0', Align::Right)?;
        return format_float(cx, value, float, &spec);
    }
    if number::is_number(base) {
        let spec = Spec::parse(cx, value, spec, 'd', Align::Right)?;
        return format_int(cx, value, base, &spec);
    }
    Err(Raise::type_error(format!("unsupported format string passed to {}.__format__", cx.type_name(value))))
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Align {
    Left,
    Right,
    Center,
    /// Padding goes between sign and digits.
    AfterSign,
}

impl Align {
    fn from_char(c: char) -> Option<Align> {
        Some(match c {
            '<' => Align::Left,
            '>' => Align::Right,
            '^' => Align::Center,
            '=' => Align::AfterSign,
            _ => return None,
        })
    }
}

/// A parsed spec.
#[derive(Debug)]
pub(super) struct Spec {
    fill: char,
    align: Align,
    sign: Option<char>,
    /// `z`: a result of zero has no minus sign.
    no_negative_zero: bool,
    /// `#`
    alternate: bool,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    /// The type letter; the type's default if none was given (`\0` for floats).
    kind: char,
}

impl Spec {
    /// A spec for numbers that were laid out otherwise (`%` formatting).
    pub(super) fn plain(kind: char, precision: Option<usize>, alternate: bool) -> Spec {
        Spec {
            fill: ' ',
            align: Align::Right,
            sign: None,
            no_negative_zero: false,
            alternate,
            width: 0,
            grouping: None,
            precision,
            kind,
        }
    }

    fn parse(cx: &Cx<'_>, value: Value, text: &str, default_kind: char, default_align: Align) -> Result<Spec, Raise> {
        let mut spec = Spec { fill: ' ', align: default_align, ..Spec::plain(default_kind, None, false) };
        let mut rest = text.chars();
        let mut ahead = rest.clone();
        let (first, second) = (ahead.next(), ahead.next());
        let mut align_given = false;
        let mut fill_given = false;
        if let (Some(fill), Some(align)) = (first, second.and_then(Align::from_char)) {
            (spec.fill, spec.align) = (fill, align);
            (align_given, fill_given) = (true, true);
            rest = ahead;
        } else if let Some(align) = first.and_then(Align::from_char) {
            spec.align = align;
            align_given = true;
            rest.next();
        }
        let mut take = |wanted: &[char]| {
            let next = rest.clone().next().filter(|c| wanted.contains(c));
            if next.is_some() {
                rest.next();
            }
            next
        };
        spec.sign = take(&['+', '-', ' ']);
        spec.no_negative_zero = take(&['z']).is_some();
        spec.alternate = take(&['#']).is_some();
        if !fill_given && take(&['0']).is_some() {
            spec.fill = '0';
            if !align_given && default_align == Align::Right {
                spec.align = Align::AfterSign;
            }
        }
        spec.width = digits(&mut rest)?.unwrap_or(0);
        spec.parse_grouping(&mut rest)?;
        if rest.as_str().starts_with('.') {
            rest.next();
            let precision = digits(&mut rest)?;
            spec.precision = Some(precision.ok_or_else(|| Raise::value_error("Format specifier missing precision"))?);
        }
        if let Some(kind) = rest.next() {
            if !rest.as_str().is_empty() {
                let found = cx.type_name(value);
                let message = format!("Invalid format specifier '{text}' for object of type '{found}'");
                return Err(Raise::value_error(message));
            }
            spec.kind = kind;
        }
        spec.check_grouping()?;
        Ok(spec)
    }

    fn parse_grouping(&mut self, rest: &mut std::str::Chars<'_>) -> Result<(), Raise> {
        for separator in [',', '_', ','] {
            if rest.as_str().starts_with(separator) {
                match self.grouping {
                    None => {
                        self.grouping = Some(separator);
                        rest.next();
                    }
                    Some(other) if other != separator => {
                        return Err(Raise::value_error("Cannot specify both ',' and '_'."));
                    }
                    Some(_) => {}
                }
            }
        }
        Ok(())
    }

    fn check_grouping(&self) -> Result<(), Raise> {
        let Some(separator) = self.grouping else { return Ok(()) };
        match self.kind {
            'd' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F' | '\0' => Ok(()),
            'b' | 'o' | 'x' | 'X' if separator == '_' => Ok(()),
            kind if kind > ' ' && kind.is_ascii() => {
                Err(Raise::value_error(format!("Cannot specify '{separator}' with '{kind}'.")))
            }
            kind => Err(Raise::value_error(format!("Cannot specify '{separator}' with '\\x{:x}'.", kind as u32))),
        }
    }
}

/// Decimal digits at the front; `None` if there are none.
fn digits(rest: &mut std::str::Chars<'_>) -> Result<Option<usize>, Raise> {
    let mut number = None;
    while let Some(digit) = rest.clone().next().and_then(number_text::decimal_value) {
        rest.next();
        let next = number.unwrap_or(0usize).checked_mul(10).and_then(|number| number.checked_add(digit as usize));
        match next.filter(|&number| i64::try_from(number).is_ok()) {
            Some(next) => number = Some(next),
            None => return Err(Raise::value_error("Too many decimal digits in format string")),
        }
    }
    Ok(number)
}

#[cold]
fn unknown_kind(cx: &Cx<'_>, kind: char, value: Value) -> Raise {
    let found = cx.type_name(value);
    if kind > ' ' && kind.is_ascii() {
        Raise::value_error(format!("Unknown format code '{kind}' for object of type '{found}'"))
    } else {
        Raise::value_error(format!("Unknown format code '\\x{:x}' for object of type '{found}'", kind as u32))
    }
}

fn format_text(cx: &mut Cx<'_>, value: Value, text: &str, spec: &Spec) -> Result<SmolStr, Raise> {
    if spec.kind != 's' {
        return Err(unknown_kind(cx, spec.kind, value));
    }
    let refused = match spec.sign {
        Some(' ') => "Space not allowed in string format specifier",
        Some(_) => "Sign not allowed in string format specifier",
        None if spec.no_negative_zero => "Negative zero coercion (z) not allowed in string format specifier",
        None if spec.alternate => "Alternate form (#) not allowed in string format specifier",
        None if spec.align == Align::AfterSign => "'=' alignment not allowed in string format specifier",
        None => "",
    };
    if !refused.is_empty() {
        return Err(Raise::value_error(refused));
    }
    let shown = match spec.precision {
        Some(limit) => text.char_indices().nth(limit).map_or(text, |(offset, _)| &text[..offset]),
        None => text,
    };
    let length = if shown.is_ascii() { shown.len() } else { shown.chars().count() };
    reserve_padding(cx, spec, shown.len())?;
    let padding = spec.width.saturating_sub(length);
    if padding == 0 {
        return Ok(shown.into());
    }
    let mut out = String::with_capacity(shown.len() + padding * spec.fill.len_utf8());
    let before = match spec.align {
        Align::Left | Align::AfterSign => 0,
        Align::Right => padding,
        Align::Center => padding / 2,
    };
    pad(&mut out, spec.fill, before);
    out.push_str(shown);
    pad(&mut out, spec.fill, padding - before);
    Ok(out.into())
}

fn reserve_padding(cx: &mut Cx<'_>, spec: &Spec, length: usize) -> Result<(), Raise> {
    cx.reserve(spec.width.saturating_mul(spec.fill.len_utf8()).saturating_add(length))
}

fn pad(out: &mut String, fill: char, count: usize) {
    out.extend(std::iter::repeat_n(fill, count));
}

/// A number's text, taken apart for laying out.
struct Number<'t> {
    negative: bool,
    prefix: &'static str,
    /// The digits before the point.
    digits: &'t str,
    /// Point, decimals, exponent, `%`; or all of `inf` and `nan`.
    rest: &'t str,
    /// Digits per group.
    group: usize,
}

fn lay_out(cx: &mut Cx<'_>, number: &Number<'_>, spec: &Spec) -> Result<SmolStr, Raise> {
    reserve_padding(cx, spec, (number.digits.len() + number.rest.len()) * 2)?;
    let sign = match (number.negative, spec.sign) {
        (true, _) => "-",
        (false, Some('+')) => "+",
        (false, Some(' ')) => " ",
        (false, _) => "",
    };
    let fixed = sign.len() + number.prefix.len() + number.rest.len();
    let zero_filled = spec.fill == '0' && spec.align == Align::AfterSign;
    let grouped = match spec.grouping {
        Some(separator) if !number.digits.is_empty() => {
            let least = if zero_filled { spec.width.saturating_sub(fixed) } else { 0 };
            insert_groups(number.digits, separator, number.group, least)
        }
        _ => String::new(),
    };
    let digits = if grouped.is_empty() { number.digits } else { &grouped };
    let padding = spec.width.saturating_sub(fixed + digits.len());
    let (before, inside, after) = match spec.align {
        Align::Left => (0, 0, padding),
        Align::Right => (padding, 0, 0),
        Align::Center => (padding / 2, 0, padding - padding / 2),
        Align::AfterSign => (0, padding, 0),
    };
    let mut out = String::with_capacity(fixed + digits.len() + padding * spec.fill.len_utf8());
    pad(&mut out, spec.fill, before);
    out.push_str(sign);
    out.push_str(number.prefix);
    pad(&mut out, spec.fill, inside);
    out.push_str(digits);
    out.push_str(number.rest);
    pad(&mut out, spec.fill, after);
    Ok(out.into())
}

/// Puts a separator between groups of digits; zeros in front make the text at least `least` long, and are grouped too.
fn insert_groups(digits: &str, separator: char, group: usize, least: usize) -> String {
    let mut reversed = Vec::with_capacity(digits.len() * 2);
    let mut left = digits.bytes().rev();
    let mut remaining = digits.len();
    let mut wanted = least as isize;
    loop {
        let length = group.min(remaining.max(wanted.max(0) as usize).max(1));
        for _ in 0..length {
            reversed.push(left.next().unwrap_or(b'0'));
        }
        remaining = remaining.saturating_sub(length);
        wanted -= length as isize;
        if remaining == 0 && wanted <= 0 {
            break;
        }
        wanted -= 1;
        reversed.push(separator as u8);
    }
    reversed.reverse();
    reversed.into_iter().map(char::from).collect()
}

fn format_int(cx: &mut Cx<'_>, value: Value, int: Value, spec: &Spec) -> Result<SmolStr, Raise> {
    match spec.kind {
        'b' | 'o' | 'x' | 'X' | 'd' | 'n' | 'c' => {}
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%' => {
            let float = number::to_float(cx, int)?.unwrap_or(0.0);
            return format_float(cx, value, float, spec);
        }
        kind => return Err(unknown_kind(cx, kind, value)),
    }
    if spec.precision.is_some() {
        return Err(Raise::value_error("Precision not allowed in integer format specifier"));
    }
    if spec.no_negative_zero {
        return Err(Raise::value_error("Negative zero coercion (z) not allowed in integer format specifier"));
    }
    if spec.kind == 'c' {
        let code = cx.to_big(int).unwrap_or_default();
        return format_char(cx, &code, spec);
    }
    let (prefix, radix) = match spec.kind {
        'b' => ("0b", 2),
        'o' => ("0o", 8),
        'x' => ("0x", 16),
        'X' => ("0X", 16),
        _ => ("", 10),
    };
    let prefix = if spec.alternate { prefix } else { "" };
    let group = if radix == 10 { 3 } else { 4 };
    if let Some(small) = number::small(int) {
        let digits = Digits::new(small.unsigned_abs(), radix.into(), spec.kind == 'X');
        return lay_out(cx, &Number { negative: small < 0, prefix, digits: digits.as_str(), rest: "", group }, spec);
    }
    let big = cx.to_big(int).unwrap_or_default();
    if radix == 10 {
        number_text::check_digits(&big)?;
    }
    number::charge_bits(cx, big.bits().saturating_mul(8))?;
    let mut digits = big.magnitude().to_str_radix(radix);
    if spec.kind == 'X' {
        digits.make_ascii_uppercase();
    }
    lay_out(cx, &Number { negative: big.is_negative(), prefix, digits: &digits, rest: "", group }, spec)
}

fn format_char(cx: &mut Cx<'_>, code: &BigInt, spec: &Spec) -> Result<SmolStr, Raise> {
    if spec.sign.is_some() {
        return Err(Raise::value_error("Sign not allowed with integer format specifier 'c'"));
    }
    if spec.alternate {
        return Err(Raise::value_error("Alternate form (#) not allowed with integer format specifier 'c'"));
    }
    let Some(c) = code.to_u32().and_then(char::from_u32) else {
        return Err(Raise::overflow_error("%c arg not in range(0x110000)"));
    };
    let mut buffer = [0; 4];
    let number = Number { negative: false, prefix: "", digits: "", rest: c.encode_utf8(&mut buffer), group: 3 };
    // The layout counts bytes; a character is one column whatever its encoding.
    let width = if spec.width > 0 { spec.width + c.len_utf8() - 1 } else { 0 };
    lay_out(
        cx,
        &number,
        &Spec { width, ..Spec { fill: spec.fill, align: spec.align, ..Spec::plain('c', None, false) } },
    )
}

fn format_float(cx: &mut Cx<'_>, value: Value, float: f64, spec: &Spec) -> Result<SmolStr, Raise> {
    let text = float_text(cx, value, float, spec)?;
    let (mut negative, text) = text.strip_prefix('-').map_or((false, text.as_str()), |rest| (true, rest));
    if negative && spec.no_negative_zero {
        let mantissa = text.split(['e', 'E']).next().unwrap_or(text);
        negative = !mantissa.chars().all(|c| matches!(c, '0' | '.' | '%'));
    }
    let whole = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(whole);
    lay_out(cx, &Number { negative, prefix: "", digits, rest, group: 3 }, spec)
}

/// The text of a float by type letter and precision, before layout.
pub(super) fn float_text(cx: &mut Cx<'_>, value: Value, float: f64, spec: &Spec) -> Result<String, Raise> {
    let kind = spec.kind.to_ascii_lowercase();
    if !matches!(spec.kind, '\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%') {
        return Err(unknown_kind(cx, spec.kind, value));
    }
    let precision = spec.precision.unwrap_or(6);
    if precision > i32::MAX as usize {
        return Err(Raise::value_error("precision too big"));
    }
    cx.reserve(precision)?;
    let float = if kind == '%' { float * 100.0 } else { float };
    let mut text = match number_text::special(float) {
        Some(text) => text.to_owned(),
        None => match kind {
            'e' => number_text::scientific(float, precision, spec.alternate),
            'f' | '%' => number_text::fixed(float, precision, spec.alternate),
            'g' | 'n' => number_text::general(float, precision, spec.alternate, false),
            _ => match spec.precision {
                Some(precision) => number_text::general(float, precision, spec.alternate, true),
                None => number_text::float_repr(float),
            },
        },
    };
    if spec.kind.is_ascii_uppercase() {
        text.make_ascii_uppercase();
    }
    if kind == '%' {
        text.push('%');
    }
    Ok(text)
}

/// Whether an int is formatted as itself (`%d` of a bool shows 0 or 1).
pub(super) fn is_int(value: Value) -> bool {
    number::is_number(value) && value.tag() != Tag::Float
}

#[cfg(test)]
mod tests {
    use super::insert_groups;

    #[test]
    fn groups_digits_and_the_zeros_in_front() {
        assert_eq!(insert_groups("1234567", ',', 3, 0), "1,234,567");
        assert_eq!(insert_groups("123", ',', 3, 0), "123");
        assert_eq!(insert_groups("1234", ',', 3, 10), "00,001,234");
        assert_eq!(insert_groups("12", ',', 3, 5), "0,012");
        assert_eq!(insert_groups("12", ',', 3, 4), "0,012");
        assert_eq!(insert_groups("0", '_', 4, 0), "0");
    }
}

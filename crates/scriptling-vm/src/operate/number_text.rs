//! Numbers to text and back, exactly as the language writes and reads them.
//!
//! The digits come from correctly rounded conversions, the standard library's and `zmij`'s; this file arranges them: when an
//! exponent is shown, how many digits, where the point goes. Parsing accepts underscores between digits and the decimal
//! digits of every script, as Python does. Precisions are capped before they reach the formatter: a float has at most 767
//! significant digits and 1074 decimals, all further ones are zeros.

use num_bigint::BigInt;
use num_traits::Signed;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::digits::Digits;
use super::number;
use crate::error::Raise;
use crate::heap::Heap;
use crate::limits::MAX_INT_DIGITS;
use crate::native::Cx;
use crate::value::Value;

/// Decimals after which all are zeros.
const MAX_DECIMALS: usize = 1100;

/// `repr` of a float: the shortest digits that read back as the same number.
pub(crate) fn float_repr(value: f64) -> String {
    with_float_repr(value, str::to_owned)
}

/// Hands out `repr` of a float; no memory is allocated for numbers of usual size.
pub(crate) fn with_float_repr<R>(value: f64, take: impl FnOnce(&str) -> R) -> R {
    if let Some(text) = special(value) {
        return take(text);
    }
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(value);
    if value == 0.0 || (1e-4..1e16).contains(&value.abs()) {
        return take(text);
    }
    // The library has exponents from other sizes on, and without a `+`.
    let (negative, digits, exponent) = split_scientific(text);
    let digits = digits.trim_start_matches('0');
    // Of a number that it has written plainly, the first digit that counts is in the fifth decimal.
    let exponent = if text.contains('e') { exponent } else { -5 };
    take(&arrange(negative, digits, exponent, -4, 16, true))
}

/// `repr` of a float as a value.
pub(crate) fn float_text(heap: &mut Heap, value: f64) -> Value {
    with_float_repr(value, |text| heap.ascii_str(text))
}

/// `nan`, `inf`, `-inf`.
pub(crate) fn special(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("nan")
    } else if value.is_infinite() {
        Some(if value > 0.0 { "inf" } else { "-inf" })
    } else {
        None
    }
}

/// Sign, digits, and the exponent of the first digit.
fn split_scientific(text: &str) -> (bool, String, i32) {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    (negative, mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

/// Writes digits with the first one's exponent: plainly if `low <= exponent < high`, else in scientific form.
fn arrange(negative: bool, digits: &str, exponent: i32, low: i32, high: i32, point_zero: bool) -> String {
    let mut text = String::with_capacity(digits.len() + 8);
    if negative {
        text.push('-');
    }
    if exponent < low || exponent >= high {
        let (first, rest) = digits.split_at(1);
        text.push_str(first);
        if !rest.is_empty() {
            text.push('.');
            text.push_str(rest);
        }
        push_exponent(&mut text, exponent, 'e');
    } else if exponent < 0 {
        text.push_str("0.");
        text.extend(std::iter::repeat_n('0', (-exponent - 1) as usize));
        text.push_str(digits);
    } else {
        let whole = exponent as usize + 1;
        if digits.len() <= whole {
            text.push_str(digits);
            text.extend(std::iter::repeat_n('0', whole - digits.len()));
            if point_zero {
                text.push_str(".0");
            }
        } else {
            text.push_str(&digits[..whole]);
            text.push('.');
            text.push_str(&digits[whole..]);
        }
    }
    text
}

fn push_exponent(text: &mut String, exponent: i32, letter: char) {
    text.push(letter);
    text.push(if exponent < 0 { '-' } else { '+' });
    let exponent = exponent.unsigned_abs();
    if exponent < 10 {
        text.push('0');
    }
    text.push_str(&exponent.to_string());
}

/// `%f` of a number of usual size, in 128-bit integers: several times faster than the general conversion. The value is finite.
pub(super) fn fixed_exactly(value: f64, precision: usize) -> Option<Digits> {
    const POWERS: [u64; 18] = {
        let mut powers = [1; 18];
        let mut n = 1;
        while n < powers.len() {
            powers[n] = powers[n - 1] * 10;
            n += 1;
        }
        powers
    };
    let power = *POWERS.get(precision)?;
    let bits = value.to_bits();
    let (exponent, fraction) = (((bits >> 52) & 0x7ff) as i32, bits & ((1 << 52) - 1));
    // The value is `mantissa / 2^shift`; subnormal numbers and those of 2^53 and more are left to the general way.
    let (mantissa, shift) = (fraction | 1 << 52, 1075 - exponent);
    if exponent == 0 && fraction == 0 {
        return Some(Digits::fixed(0, precision, value.is_sign_negative()));
    }
    if exponent == 0 || shift < 0 {
        return None;
    }
    // Below 2^53 * 10^17 < 2^110, so nothing is lost, and a shift of 127 leaves nothing.
    let scaled = u128::from(mantissa) * u128::from(power);
    let shift = shift.min(127) as u32;
    let (whole, rest) = (scaled >> shift, scaled & ((1 << shift) - 1));
    let half = (1_u128 << shift) >> 1;
    let up = shift > 0 && (rest > half || rest == half && whole & 1 == 1);
    let rounded = u64::try_from(whole + u128::from(up)).ok()?;
    Some(Digits::fixed(rounded, precision, value.is_sign_negative()))
}

/// `%f`: `precision` decimals. The value is finite.
pub(crate) fn fixed(value: f64, precision: usize, keep_point: bool) -> String {
    if let Some(text) = fixed_exactly(value, precision).filter(|_| precision > 0 || !keep_point) {
        return text.as_str().to_owned();
    }
    let shown = precision.min(MAX_DECIMALS);
    let mut text = format!("{value:.shown$}");
    text.extend(std::iter::repeat_n('0', precision - shown));
    if precision == 0 && keep_point {
        text.push('.');
    }
    text
}

/// `%e`: one digit, `precision` decimals, an exponent of at least two digits. The value is finite.
pub(crate) fn scientific(value: f64, precision: usize, keep_point: bool) -> String {
    let shown = precision.min(MAX_DECIMALS);
    let (negative, digits, exponent) = split_scientific(&format!("{value:.shown$e}"));
    let mut text = String::with_capacity(precision + 8);
    if negative {
        text.push('-');
    }
    text.push_str(&digits[..1]);
    if precision > 0 || keep_point {
        text.push('.');
    }
    text.push_str(&digits[1..]);
    text.extend(std::iter::repeat_n('0', precision - shown));
    push_exponent(&mut text, exponent, 'e');
    text
}

/// `%g`: `precision` significant digits, trailing zeros removed unless `keep_zeros`. The value is finite. With
/// `repr_like`, a plain number keeps one decimal and the exponent appears one digit earlier (the empty format type).
pub(crate) fn general(value: f64, precision: usize, keep_zeros: bool, repr_like: bool) -> String {
    let precision = precision.max(1);
    let shown = precision.min(MAX_DECIMALS) - 1;
    let (negative, mut digits, exponent) = split_scientific(&format!("{value:.shown$e}"));
    if keep_zeros {
        digits.extend(std::iter::repeat_n('0', precision - 1 - shown));
    } else {
        let kept = digits.trim_end_matches('0').len().max(1);
        digits.truncate(kept);
    }
    let high = i32::try_from(precision).unwrap_or(i32::MAX);
    let high = if repr_like { high - 1 } else { high };
    let mut text = arrange(negative, &digits, exponent, -4, high, repr_like);
    if keep_zeros && !text.contains('.') {
        let at = text.find('e').unwrap_or(text.len());
        text.insert(at, '.');
    }
    text
}

/// `str` of an int; `ValueError` beyond the digits limit.
pub(crate) fn int_text(cx: &Cx<'_>, value: Value) -> Result<Option<String>, Raise> {
    if let Some(int) = number::small(value) {
        return Ok(Some(Digits::decimal(int).as_str().to_owned()));
    }
    let Some(big) = cx.as_big(value) else { return Ok(None) };
    check_digits(big)?;
    Ok(Some(big.to_string()))
}

/// Refuses decimal conversion of numbers of more than the limit's digits: it takes quadratic time.
pub(crate) fn check_digits(big: &BigInt) -> Result<(), Raise> {
    // 3.33 bits per digit is a little more than the truth, so only numbers near the limit need the exact test.
    let bits = big.bits();
    let surely_fits = bits < MAX_INT_DIGITS as u64 * 332 / 100;
    if surely_fits || bits < MAX_INT_DIGITS as u64 * 333 / 100 && big.abs().to_string().len() <= MAX_INT_DIGITS {
        return Ok(());
    }
    Err(Raise::value_error(format!(
        "Exceeds the limit ({MAX_INT_DIGITS} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit"
    )))
}

/// Whether Python's `str.isspace` holds for a character: what `int`, `float` and `strip` strip.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// The value of a decimal digit of any script.
pub(crate) fn decimal_value(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    if c.general_category() != GeneralCategory::DecimalNumber {
        return None;
    }
    // Decimal digits come in runs of ten from zero to nine; adjacent runs follow each other without a gap.
    let mut start = c as u32;
    while let Some(before) = char::from_u32(start - 1)
        && before.general_category() == GeneralCategory::DecimalNumber
    {
        start -= 1;
    }
    Some((c as u32 - start) % 10)
}

/// Why a text is not an int.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ParseIntError {
    /// It is not a number in this base.
    Invalid,
    /// It has this many digits, more than the limit.
    TooLong(usize),
}

/// What most texts are that become ints: a few digits.
pub(crate) fn small_int(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !(1..=18).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = digits.bytes().fold(0, |number: i64, byte| number * 10 + i64::from(byte - b'0'));
    Some(if digits.len() < text.len() { -number } else { number })
}

/// Reads an int as `int(text, base)` does.
pub(crate) fn parse_int(text: &str, base: u32) -> Result<BigInt, ParseIntError> {
    if base == 10
        && let Some(number) = small_int(text)
    {
        return Ok(BigInt::from(number));
    }
    let text = text.trim_matches(is_space);
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (base, digits, prefixed) = split_base(text, base).ok_or(ParseIntError::Invalid)?;
    let mut cleaned = Vec::with_capacity(digits.len());
    // An underscore may follow the prefix, otherwise it stands between digits.
    let mut after_digit = prefixed;
    let mut last_was_underscore = false;
    for c in digits.chars() {
        if c == '_' {
            if !after_digit {
                return Err(ParseIntError::Invalid);
            }
            after_digit = false;
            last_was_underscore = true;
            continue;
        }
        let digit = decimal_value(c).or_else(|| c.to_digit(36)).filter(|&digit| digit < base);
        cleaned.push(digit.ok_or(ParseIntError::Invalid)? as u8);
        after_digit = true;
        last_was_underscore = false;
    }
    if cleaned.is_empty() || last_was_underscore {
        return Err(ParseIntError::Invalid);
    }
    if cleaned.len() > MAX_INT_DIGITS && !base.is_power_of_two() {
        return Err(ParseIntError::TooLong(cleaned.len()));
    }
    let magnitude = BigInt::from_radix_be(num_bigint::Sign::Plus, &cleaned, base).ok_or(ParseIntError::Invalid)?;
    Ok(if negative { -magnitude } else { magnitude })
}

/// The base that a prefix selects (base 0) or confirms, and the digits after it.
fn split_base(text: &str, base: u32) -> Option<(u32, &str, bool)> {
    let prefixed = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => Some(16),
        [b'0', b'o' | b'O', ..] => Some(8),
        [b'0', b'b' | b'B', ..] => Some(2),
        _ => None,
    };
    match (base, prefixed) {
        (0, Some(prefix)) => Some((prefix, &text[2..], true)),
        (0, None) => {
            // A leading zero is allowed for zero only: octal of old is an error, not a surprise.
            let is_zero = text.chars().all(|c| c == '_' || decimal_value(c) == Some(0));
            (is_zero || !text.starts_with('0')).then_some((10, text, false))
        }
        (base, Some(prefix)) if base == prefix => Some((base, &text[2..], true)),
        _ => Some((base, text, false)),
    }
}

/// Reads a float as `float(text)` does.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    // What most texts are, where Rust and Python agree.
    if text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E')) {
        return text.parse().ok();
    }
    let text = text.trim_matches(is_space);
    let mut cleaned = String::with_capacity(text.len());
    let mut previous = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '_' {
            let between_digits =
                previous.is_ascii_digit() && rest.peek().is_some_and(|&next| decimal_value(next).is_some());
            if !between_digits {
                return None;
            }
            continue;
        }
        previous = decimal_value(c).and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c);
        cleaned.push(previous);
    }
    let unsigned = cleaned.strip_prefix(['-', '+']).unwrap_or(&cleaned);
    // Rust reads more words than Python does.
    let word = unsigned.starts_with(|c: char| c.is_ascii_alphabetic());
    if word && !["inf", "infinity", "nan"].iter().any(|known| unsigned.eq_ignore_ascii_case(known)) {
        return None;
    }
    cleaned.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repr_is_shortest_with_exponents_where_python_has_them() {
        for (value, text) in [
            (0.1, "0.1"),
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (1e-5, "1e-05"),
            (1.5e-7, "1.5e-07"),
            (0.0001, "0.0001"),
            (123_456.789, "123456.789"),
            (5e-324, "5e-324"),
            (900_719_925_474_099.2, "900719925474099.2"),
            (1.797_693_134_862_315_7e308, "1.7976931348623157e+308"),
        ] {
            assert_eq!(float_repr(value), text);
        }
    }

    #[test]
    fn formats_round_half_to_even_on_the_exact_value() {
        assert_eq!(fixed(0.5, 0, false), "0");
        assert_eq!(fixed(1.5, 0, false), "2");
        assert_eq!(fixed(2.5, 0, false), "2");
        assert_eq!(fixed(0.125, 2, false), "0.12");
        assert_eq!(fixed(2.675, 2, false), "2.67");
        let mut value: f64 = 1.0e-9;
        while value < 1.0e17 {
            for precision in [0, 1, 2, 3, 6, 10, 17, 18] {
                for value in [value, -value, value.floor() + 0.5, value / 3.0] {
                    assert_eq!(fixed(value, precision, false), format!("{value:.precision$}"));
                }
            }
            value *= 1.7;
        }
        assert_eq!(fixed(-0.0, 1, false), "-0.0");
        assert_eq!(fixed(-0.001, 2, false), "-0.00");
        assert_eq!(scientific(12345.678, 2, false), "1.23e+04");
        assert_eq!(scientific(0.0, 3, false), "0.000e+00");
        assert_eq!(general(1_234_567.0, 6, false, false), "1.23457e+06");
        assert_eq!(general(0.0001, 6, false, false), "0.0001");
        assert_eq!(general(100_000.0, 6, false, false), "100000");
        assert_eq!(general(3.0, 3, true, false), "3.00");
    }

    #[test]
    fn reads_ints_like_python() {
        assert_eq!(parse_int(" 1_0 ", 10), Ok(BigInt::from(10)));
        assert_eq!(parse_int("1__0", 10), Err(ParseIntError::Invalid));
        assert_eq!(parse_int("0x_1f", 0), Ok(BigInt::from(31)));
        assert_eq!(parse_int("0x1f", 16), Ok(BigInt::from(31)));
        assert_eq!(parse_int("010", 0), Err(ParseIntError::Invalid));
        assert_eq!(parse_int("00", 0), Ok(BigInt::from(0)));
        assert_eq!(parse_int("-٣", 10), Ok(BigInt::from(-3)));
        assert_eq!(parse_int("_1", 10), Err(ParseIntError::Invalid));
        assert_eq!(parse_int("1_", 10), Err(ParseIntError::Invalid));
        assert_eq!(parse_int("", 10), Err(ParseIntError::Invalid));
        assert_eq!(parse_int("+-1", 10), Err(ParseIntError::Invalid));
    }

    #[test]
    fn reads_floats_like_python() {
        assert_eq!(parse_float(" -1_0.5e1_0 "), Some(-10.5e10));
        assert_eq!(parse_float("infinity"), Some(f64::INFINITY));
        assert_eq!(parse_float("-Inf"), Some(f64::NEG_INFINITY));
        assert_eq!(parse_float(".5"), Some(0.5));
        assert_eq!(parse_float("5."), Some(5.0));
        for bad in ["", "x", "1_", "_1", "1__0", "1e", "0x1p3", "infinityx", "+-1"] {
            assert_eq!(parse_float(bad), None, "{bad}");
        }
    }
}

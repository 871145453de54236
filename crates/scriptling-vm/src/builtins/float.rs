//! `float`: constructor and methods. Operators are in `operate`.

use num_bigint::BigInt;
use num_traits::One;

use super::int::float_to_int;
use super::receiver::{base_value, made};
use super::special::{comparisons, float_numeric};
use super::types::BuiltinType;
use crate::error::Raise;
use crate::heap::{Class, Gc};
use crate::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use crate::operate::number_text::{is_space, parse_float};
use crate::operate::{custom, number, repr_native};
use crate::value::Value;

/// Registers the methods.
pub(crate) fn define(module: &mut ModuleBuilder<'_>, types: &[Gc<Class>]) {
    let builder = module
        .class("float", "A floating-point number of double precision.")
        .raw_static("__new__(cls, x=0.0, /)", "A float from a number or text.", new)
        .raw_class("fromhex(type, string, /)", "The float written in hexadecimal.", from_hex)
        .raw("hex(self, /)", "The number in hexadecimal.", hex)
        .raw("is_integer(self, /)", "Whether the number is whole.", |cx, args| {
            let float = receiver(cx, args, "is_integer")?;
            Ok(Outcome::Return(Value::bool(float.is_finite() && float == float.trunc())))
        })
        .raw("as_integer_ratio(self, /)", "The pair of ints whose quotient is the number.", as_integer_ratio)
        .raw("conjugate(self, /)", "The number itself.", itself)
        .raw_getter("real", "The number itself.", itself)
        .raw_getter("imag", "0.0.", |_, _| Ok(Outcome::Return(Value::float(0.0))))
        .raw("__trunc__(self, /)", "", |cx, args| whole(cx, args, "__trunc__", f64::trunc))
        .raw("__floor__(self, /)", "", |cx, args| whole(cx, args, "__floor__", f64::floor))
        .raw("__ceil__(self, /)", "", |cx, args| whole(cx, args, "__ceil__", f64::ceil));
    comparisons(float_numeric(builder)).into_class(types[BuiltinType::Float as usize]);
}

fn receiver(cx: &Cx<'_>, args: &[Value], method: &str) -> Result<f64, Raise> {
    base_value(cx, args[0]).as_float().ok_or_else(|| {
        let found = cx.type_name(args[0]);
        Raise::type_error(format!("descriptor '{method}' for 'float' objects doesn't apply to a '{found}' object"))
    })
}

fn itself(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    receiver(cx, args, "__float__").map(|float| Outcome::Return(Value::float(float)))
}

fn whole(cx: &mut Cx<'_>, args: &[Value], method: &str, cut: fn(f64) -> f64) -> NativeResult {
    let int = float_to_int(cut(receiver(cx, args, method)?))?;
    Ok(Outcome::Return(cx.int(int)))
}

fn new(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    if args[0].same(Value::obj(cx.builtin_class(BuiltinType::Float))) {
        return to_float(cx, args[1]);
    }
    let class = cx.keep(args[0]);
    to_float(cx, args[1])?.and_then(cx, move |cx, float| {
        let class = cx.kept(class);
        made(cx, class, BuiltinType::Float, float).map(Outcome::Return)
    })
}

/// `float(value)`.
pub(crate) fn to_float(cx: &mut Cx<'_>, value: Value) -> NativeResult {
    if let Some(method) = custom(cx, value, "__float__") {
        let class = cx.type_name(value);
        return Ok(Outcome::call(method, &[value], move |cx, result| {
            let result = result?;
            match base_value(cx, result).as_float() {
                Some(float) => Ok(Outcome::Return(Value::float(float))),
                None => {
                    let found = cx.type_name(result);
                    Err(Raise::type_error(format!("{class}.__float__ returned non-float (type {found})")))
                }
            }
        }));
    }
    let base = base_value(cx, value);
    if let Some(float) = number::to_float(cx, base)? {
        return Ok(Outcome::Return(Value::float(float)));
    }
    if custom(cx, value, "__index__").is_some() {
        return crate::operate::index(cx, value)?.and_then(cx, |cx, int| {
            let float = number::to_float(cx, int)?.unwrap_or_default();
            Ok(Outcome::Return(Value::float(float)))
        });
    }
    let parsed = if let Some(text) = cx.as_str(base) {
        parse_float(text)
    } else if let Some(bytes) = cx.as_bytes(base) {
        std::str::from_utf8(bytes).ok().and_then(parse_float)
    } else {
        let found = cx.type_name(value);
        return Err(Raise::type_error(format!("float() argument must be a string or a real number, not '{found}'")));
    };
    match parsed {
        Some(float) => Ok(Outcome::Return(Value::float(float))),
        None => {
            let shown = repr_native(cx, base)?.unwrap_or_default();
            Err(Raise::value_error(format!("could not convert string to float: {shown}")))
        }
    }
}

/// Mantissa and exponent: the absolute value is `mantissa * 2^exponent`.
fn decompose(float: f64) -> (u64, i32) {
    let bits = float.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match (bits >> 52 & 0x7ff) as i32 {
        0 => (fraction, -1074),
        exponent => (fraction | 1 << 52, exponent - 1075),
    }
}

fn as_integer_ratio(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let float = receiver(cx, args, "as_integer_ratio")?;
    if float.is_nan() {
        return Err(Raise::value_error("cannot convert NaN to integer ratio"));
    }
    if float.is_infinite() {
        return Err(Raise::overflow_error("cannot convert Infinity to integer ratio"));
    }
    let (mantissa, exponent) = decompose(float);
    let zeros = if mantissa == 0 { 0 } else { mantissa.trailing_zeros() };
    let (mantissa, exponent) = if mantissa == 0 { (0, 0) } else { (mantissa >> zeros, exponent + zeros as i32) };
    let mut numerator = BigInt::from(mantissa);
    let mut denominator = BigInt::one();
    if exponent >= 0 {
        numerator <<= exponent;
    } else {
        denominator <<= -exponent;
    }
    if float < 0.0 {
        numerator = -numerator;
    }
    let (numerator, denominator) = (cx.int(numerator), cx.int(denominator));
    Ok(Outcome::Return(cx.tuple(&[numerator, denominator])))
}

fn hex(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let text = hex_text(receiver(cx, args, "hex")?);
    Ok(Outcome::Return(cx.str(text)))
}

fn hex_text(float: f64) -> String {
    if let Some(special) = crate::operate::number_text::special(float) {
        return special.to_owned();
    }
    let sign = if float.is_sign_negative() { "-" } else { "" };
    if float == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let bits = float.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let (lead, exponent) = match (bits >> 52 & 0x7ff) as i32 {
        0 => (0, -1022),
        exponent => (1, exponent - 1023),
    };
    format!("{sign}0x{lead}.{fraction:013x}p{exponent:+}")
}

fn from_hex(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let (class, source) = (args[0], base_value(cx, args[1]));
    let Some(text) = cx.as_str(source) else {
        return Err(Raise::type_error("bad argument type for built-in operation"));
    };
    let float = match parse_hex(text.trim_matches(is_space)) {
        Some(float) if float.is_infinite() && !text.to_ascii_lowercase().contains("inf") => {
            return Err(Raise::overflow_error("hexadecimal value too large to represent as a float"));
        }
        Some(float) => Value::float(float),
        None => return Err(Raise::value_error("invalid hexadecimal floating-point string")),
    };
    if class.as_gc::<Class>() == Some(cx.builtin_class(BuiltinType::Float)) {
        return Ok(Outcome::Return(float));
    }
    Ok(Outcome::tail_call(class, &[float]))
}

/// Reads `[sign][0x]digits[.digits][p[sign]digits]`, `inf` or `nan`, rounding once.
fn parse_hex(text: &str) -> Option<f64> {
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let signed = |float: f64| if negative { -float } else { float };
    let lower = rest.to_ascii_lowercase();
    match lower.as_str() {
        "inf" | "infinity" => return Some(signed(f64::INFINITY)),
        "nan" => return Some(f64::NAN),
        _ => {}
    }
    let body = lower.strip_prefix("0x").unwrap_or(&lower);
    let (digits, exponent) = match body.split_once('p') {
        Some((digits, exponent)) => {
            let plain = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if plain.is_empty() || !plain.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            // Exponents beyond i32 are infinite or zero anyway.
            let far = if exponent.starts_with('-') { i64::from(i32::MIN) } else { i64::from(i32::MAX) };
            (digits, exponent.parse::<i64>().unwrap_or(far))
        }
        None => (body, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut bits: u128 = 0;
    let mut scale = exponent.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) - 4 * fraction.len() as i64;
    for digit in whole.chars().chain(fraction.chars()) {
        let digit = u128::from(digit.to_digit(16)?);
        if bits >> 120 == 0 {
            bits = bits << 4 | digit;
        } else {
            // Further digits only matter as being zero or not.
            bits |= u128::from(digit != 0);
            scale += 4;
        }
    }
    Some(signed(number::scale(bits, scale.clamp(-100_000, 100_000) as i32)))
}

#[cfg(test)]
mod tests {
    use super::{hex_text, parse_hex};

    #[test]
    fn hexadecimal_round_trips() {
        for float in [1.0, -0.1, 5e-324, f64::MAX, 3.75, 0.0, -0.0] {
            assert_eq!(parse_hex(&hex_text(float)).map(f64::to_bits), Some(float.to_bits()));
        }
        assert_eq!(hex_text(-0.1), "-0x1.999999999999ap-4");
        assert_eq!(parse_hex("0x.8p1"), Some(1.0));
        assert_eq!(parse_hex("0x"), None);
        assert_eq!(parse_hex("1p"), None);
    }
}

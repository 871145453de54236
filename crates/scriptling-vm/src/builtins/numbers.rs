//! Functions on numbers and characters: `abs`, `round`, `divmod`, `pow`, `bin`, `oct`, `hex`, `chr`, `ord`.

use super::quick;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use super::receiver::{base_value, given, int_argument, retry_with_index, text_of};
use crate::error::{ExcClass, Raise};
use crate::heap::Bytes;
use crate::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use crate::op::BinaryOp;
use crate::operate::{binary, custom, wide};
use crate::value::Value;

/// Registers the functions.
pub(crate) fn define(module: &mut ModuleBuilder<'_>) {
    module
        .raw("abs(x, /)", "The absolute value.", abs)
        .quick(quick::abs)
        .raw("round(number, ndigits=None)", "A number rounded to some digits after the point, half to even.", round)
        .raw("divmod(x, y, /)", "The pair (x // y, x % y).", divmod)
        .raw("pow(base, exp, mod=None)", "base ** exp, modulo mod if given.", pow)
        .raw("bin(number, /)", "The binary text of an int.", bin)
        .raw("oct(number, /)", "The octal text of an int.", oct)
        .raw("hex(number, /)", "The hexadecimal text of an int.", hex)
        .raw("chr(i, /)", "The character with this code point.", chr)
        .quick(quick::chr)
        .raw("ord(c, /)", "The code point of a character.", ord)
        .quick(quick::ord);
}

fn abs(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    if let Some(method) = custom(cx, args[0], "__abs__") {
        return Ok(Outcome::tail_call(method, &[args[0]]));
    }
    let value = base_value(cx, args[0]);
    if let Some(float) = value.as_float() {
        return Ok(Outcome::Return(Value::float(float.abs())));
    }
    if let Some(int) = value.as_int().and_then(i64::checked_abs) {
        return Ok(Outcome::Return(Value::int(int)));
    }
    match cx.to_big(value) {
        Some(big) => Ok(Outcome::Return(cx.int(big.abs()))),
        None => {
            let found = cx.type_name(value);
            Err(Raise::type_error(format!("bad operand type for abs(): '{found}'")))
        }
    }
}

fn round(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    if let Some(method) = custom(cx, args[0], "__round__") {
        let digits = given(args[1]);
        return Ok(match digits {
            Some(digits) => Outcome::tail_call(method, &[args[0], digits]),
            None => Outcome::tail_call(method, &[args[0]]),
        });
    }
    let value = base_value(cx, args[0]);
    let digits = match given(args[1]) {
        None => None,
        Some(digits) => match int_argument(cx, digits)? {
            Some(digits) => Some(digits),
            None => return retry_with_index(cx, args, 1, round),
        },
    };
    if let Some(float) = value.as_float() {
        return match digits {
            None => round_to_int(cx, float),
            Some(digits) => round_float(float, digits).map(|rounded| Outcome::Return(Value::float(rounded))),
        };
    }
    let Some(int) = cx.to_big(value) else {
        let found = cx.type_name(value);
        return Err(Raise::type_error(format!("type {found} doesn't define __round__ method")));
    };
    match digits {
        Some(digits) if digits < 0 => {
            let rounded = round_int(cx, &int, digits.unsigned_abs())?;
            Ok(Outcome::Return(cx.int(rounded)))
        }
        _ => Ok(Outcome::Return(cx.int(int))),
    }
}

fn round_to_int(cx: &mut Cx<'_>, float: f64) -> NativeResult {
    if float.is_nan() {
        return Err(Raise::value_error("cannot convert float NaN to integer"));
    }
    if float.is_infinite() {
        return Err(Raise::overflow_error("cannot convert float infinity to integer"));
    }
    let rounded = float.round_ties_even();
    if rounded.abs() < 9e18 {
        return Ok(Outcome::Return(Value::int(rounded as i64)));
    }
    let big = num_traits::FromPrimitive::from_f64(rounded).unwrap_or_else(BigInt::zero);
    Ok(Outcome::Return(cx.int(big)))
}

/// Rounds correctly by way of decimal text: Rust prints any number of digits exactly and rounds half to even.
fn round_float(float: f64, digits: i64) -> Result<f64, Raise> {
    // Beyond these there is nothing to round, or nothing left: CPython's own bounds.
    if !float.is_finite() || digits > 323 {
        return Ok(float);
    }
    if digits < -308 {
        return Ok(0.0_f64.copysign(float));
    }
    let text = if digits >= 0 {
        format!("{float:.*}", digits as usize)
    } else {
        round_before_point(float, digits.unsigned_abs() as usize)
    };
    match text.parse::<f64>() {
        Ok(rounded) if rounded.is_finite() => Ok(rounded),
        _ => Err(Raise::overflow_error("rounded value too large to represent")),
    }
}

/// Rounds to tens, hundreds, ...: in scientific notation with fewer digits than the integer part has.
fn round_before_point(float: f64, zeros: usize) -> String {
    let integer_digits = format!("{:.0}", float.abs().trunc()).len();
    match integer_digits.checked_sub(zeros) {
        Some(0) => {
            // Half of 10**zeros decides; exactly half goes to even, which is zero.
            let half = format!("5e{}", zeros - 1).parse::<f64>().unwrap_or(f64::INFINITY);
            let text = if float.abs() > half { format!("1e{zeros}") } else { String::from("0") };
            if float.is_sign_negative() { format!("-{text}") } else { text }
        }
        Some(kept) => format!("{float:.*e}", kept - 1),
        None if float.is_sign_negative() => String::from("-0"),
        None => String::from("0"),
    }
}

fn round_int(cx: &mut Cx<'_>, int: &BigInt, zeros: u64) -> Result<BigInt, Raise> {
    // 10 ** zeros is larger than twice the number: everything is rounded away.
    if zeros > int.bits() / 3 + 2 {
        return Ok(BigInt::zero());
    }
    cx.reserve(int.bits() as usize / 4)?;
    let unit = BigInt::from(10).pow(zeros as u32);
    let (quotient, rest) = int.div_mod_floor(&unit);
    let twice: BigInt = rest * 2;
    let up = twice > unit || (twice == unit && quotient.is_odd());
    Ok((if up { quotient + 1 } else { quotient }) * unit)
}

fn divmod(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    if custom(cx, args[0], "__divmod__").is_some() || custom(cx, args[1], "__rdivmod__").is_some() {
        return Ok(Outcome::tail_call(cx.prelude("_divmod"), &[args[0], args[1]]));
    }
    let (left, right) = (base_value(cx, args[0]), base_value(cx, args[1]));
    let is_number = |cx: &Cx<'_>, value: Value| value.as_float().is_some() || cx.to_big(value).is_some();
    if !is_number(cx, left) || !is_number(cx, right) {
        let (left, right) = (cx.type_name(args[0]), cx.type_name(args[1]));
        let message = format!("unsupported operand type(s) for divmod(): '{left}' and '{right}'");
        return Err(Raise::type_error(message));
    }
    let is_zero = right.as_int() == Some(0) || right.as_float() == Some(0.0) || right.as_bool() == Some(false);
    if is_zero && (left.as_float().is_some() || right.as_float().is_some()) {
        return Err(Raise::new(ExcClass::ZeroDivisionError, "float divmod()"));
    }
    let quotient = binary(cx, BinaryOp::FloorDiv, left, right, false)?;
    let rest = binary(cx, BinaryOp::Mod, left, right, false)?;
    match (quotient, rest) {
        (Outcome::Return(quotient), Outcome::Return(rest)) => Ok(Outcome::Return(cx.tuple(&[quotient, rest]))),
        _ => Ok(Outcome::Return(Value::NONE)),
    }
}

fn pow(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let Some(modulus) = given(args[2]) else { return binary(cx, BinaryOp::Pow, args[0], args[1], false) };
    if let Some(method) = custom(cx, args[0], "__pow__") {
        return Ok(Outcome::tail_call(method, &[args[0], args[1], modulus]));
    }
    let operands = [args[0], args[1], modulus].map(|arg| {
        let base = base_value(cx, arg);
        cx.to_big(base)
    });
    let [Some(base), Some(exponent), Some(modulus)] = operands else {
        return Err(Raise::type_error("pow() 3rd argument not allowed unless all arguments are integers"));
    };
    if modulus.is_zero() {
        return Err(Raise::value_error("pow() 3rd argument cannot be 0"));
    }
    // Squarings and multiplications of numbers as long as the modulus: refuse what would take minutes.
    let words = modulus.bits() / 64 + 1;
    let cost = u128::from(exponent.bits() + 1) * u128::from(words) * u128::from(words);
    if cost > 1 << 34 {
        return Err(Raise::overflow_error("pow() arguments are too large"));
    }
    cx.charge_work(cost as usize);
    let result = if exponent.is_negative() {
        let Some(inverse) = base.modinv(&modulus) else {
            return Err(Raise::value_error("base is not invertible for the given modulus"));
        };
        inverse.modpow(&-exponent, &modulus)
    } else if let (Some(base), Some(modulus)) = (wide::of_big(&base), wide::of_big(&modulus))
        && modulus > 1
        && modulus & 1 == 1
    {
        let result = wide::power_modulo(base, &exponent, modulus);
        return Ok(Outcome::Return(wide::store(cx, result)));
    } else {
        base.modpow(&exponent, &modulus)
    };
    // CPython's result has the sign of the modulus, and anything modulo 1 is 0.
    let result = if modulus.abs().is_one() { BigInt::zero() } else { result.mod_floor(&modulus) };
    Ok(Outcome::Return(cx.int(result)))
}

fn bin(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    in_base(cx, args, "0b", 2, bin)
}

fn oct(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    in_base(cx, args, "0o", 8, oct)
}

fn hex(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    in_base(cx, args, "0x", 16, hex)
}

fn in_base(cx: &mut Cx<'_>, args: &[Value], prefix: &str, base: u32, again: crate::native::RawNative) -> NativeResult {
    let value = base_value(cx, args[0]);
    let Some(int) = cx.to_big(value) else {
        int_argument(cx, value)?;
        return retry_with_index(cx, args, 0, again);
    };
    cx.reserve(int.bits() as usize)?;
    cx.charge_work(int.bits() as usize / 8);
    let sign = if int.is_negative() { "-" } else { "" };
    let digits = int.magnitude().to_str_radix(base);
    Ok(Outcome::Return(cx.str(format!("{sign}{prefix}{digits}"))))
}

fn chr(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let Some(code) = int_argument(cx, args[0])? else { return retry_with_index(cx, args, 0, chr) };
    match u32::try_from(code).ok().filter(|&code| code < 0x11_0000) {
        Some(code) => match char::from_u32(code) {
            Some(c) => Ok(Outcome::Return(cx.char(c))),
            // Strings are UTF-8, which has no surrogates.
            None => Err(Raise::value_error(format!("chr() arg is a surrogate: {code:#x}"))),
        },
        None => Err(Raise::value_error("chr() arg not in range(0x110000)")),
    }
}

fn ord(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let wrong_length =
        |len: usize| Raise::type_error(format!("ord() expected a character, but string of length {len} found"));
    if let Some(text) = text_of(cx, args[0]) {
        let mut chars = text.get(cx.heap()).as_str().chars();
        return match (chars.next(), chars.next()) {
            (Some(c), None) => Ok(Outcome::Return(Value::int(i64::from(u32::from(c))))),
            _ => Err(wrong_length(text.get(cx.heap()).char_len())),
        };
    }
    if let Some(bytes) = base_value(cx, args[0]).as_gc::<Bytes>() {
        return match *bytes.get(cx.heap()).0 {
            [byte] => Ok(Outcome::Return(Value::int(i64::from(byte)))),
            ref bytes => Err(wrong_length(bytes.len())),
        };
    }
    let found = cx.type_name(args[0]);
    Err(Raise::type_error(format!("ord() expected string of length 1, but {found} found")))
}

#[cfg(test)]
mod tests {
    use super::round_float;

    #[test]
    fn floats_round_half_to_even_in_decimal() {
        let round = |float, digits| round_float(float, digits).ok();
        assert_eq!(round(2.675, 2), Some(2.67));
        assert_eq!(round(0.5, 0), Some(0.0));
        assert_eq!(round(1.5, 0), Some(2.0));
        assert_eq!(round(1234.5, -2), Some(1200.0));
        assert_eq!(round(1250.0, -2), Some(1200.0));
        assert_eq!(round(50.0, -2), Some(0.0));
        assert_eq!(round(51.0, -2), Some(100.0));
        assert_eq!(round(-7.0, -3), Some(-0.0));
        assert_eq!(round(1e300, 400), Some(1e300));
    }
}

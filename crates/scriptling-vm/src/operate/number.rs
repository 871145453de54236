//! Arithmetic on ints, bools and floats, as plain functions: no dispatch, no frames, no script code.
//!
//! Ints are `i64` while they fit and big integers beyond. What can become large is estimated first: memory is asked for,
//! work is charged to the fuel, and results of quadratic algorithms are refused above a bound instead of hanging, because
//! a native cannot be interrupted. Division and remainder round towards minus infinity, as the language defines.

use std::borrow::Cow;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use super::wide;
use crate::error::{ExcClass, Raise};
use crate::heap::BigInteger;
use crate::limits;
use crate::native::Cx;
use crate::op::BinaryOp;
use crate::value::{Tag, Value};

/// Most bits of a number that multiplication, power or division with a large operand may involve (2^26 bits multiply in
/// about a second); larger ones are a `MemoryError`, not a hang.
const MAX_COSTLY_BITS: u64 = 1 << 26;

/// Most word steps of a schoolbook division: a few seconds.
const MAX_DIVISION_STEPS: u64 = 1 << 32;

/// Whether the value is an int, bool or float (not an instance of a subclass).
pub(crate) fn is_number(value: Value) -> bool {
    matches!(value.tag(), Tag::Int | Tag::Bool | Tag::Float) || value.is::<BigInteger>()
}

/// The value of an int or bool that fits `i64`.
#[inline]
pub(crate) fn small(value: Value) -> Option<i64> {
    match value.tag() {
        Tag::Int | Tag::Bool => Some(value.payload() as i64),
        _ => None,
    }
}

/// A number as a float; `OverflowError` if it is an int beyond the range of floats, `None` if it is no number.
pub(crate) fn to_float(cx: &Cx<'_>, value: Value) -> Result<Option<f64>, Raise> {
    if let Some(float) = value.as_float() {
        return Ok(Some(float));
    }
    if let Some(int) = small(value) {
        return Ok(Some(int as f64));
    }
    match cx.as_big(value) {
        Some(big) => match big_to_float(big) {
            Some(float) => Ok(Some(float)),
            None => Err(Raise::overflow_error("int too large to convert to float")),
        },
        None => Ok(None),
    }
}

/// The float nearest to a big integer (ties to even); `None` beyond the range.
pub(crate) fn big_to_float(big: &BigInt) -> Option<f64> {
    let magnitude = big.magnitude();
    let bits = magnitude.bits();
    let float = if bits <= 64 {
        magnitude.iter_u64_digits().next().unwrap_or(0) as f64
    } else if bits > 1024 {
        return None;
    } else {
        let shift = bits - 64;
        let top = (magnitude >> shift).iter_u64_digits().next().unwrap_or(0);
        // The lowest bit stands for all that was shifted out, so that the one rounding below is the right one.
        let sticky = u64::from(magnitude.trailing_zeros().unwrap_or(0) < shift);
        (top | sticky) as f64 * 2f64.powi(shift as i32)
    };
    float.is_finite().then_some(if big.is_negative() { -float } else { float })
}

/// The binary operators on numbers. `None`: not both are numbers, or not an operator of theirs.
pub(crate) fn binary(cx: &mut Cx<'_>, op: BinaryOp, left: Value, right: Value) -> Result<Option<Value>, Raise> {
    if let (Some(a), Some(b)) = (small(left), small(right)) {
        let both_bool = left.tag() == Tag::Bool && right.tag() == Tag::Bool;
        return small_binary(cx, op, a, b, both_bool);
    }
    if !is_number(left) || !is_number(right) {
        return Ok(None);
    }
    if left.tag() == Tag::Float || right.tag() == Tag::Float {
        if !has_float_form(op) {
            return Ok(None);
        }
        let (Some(a), Some(b)) = (to_float(cx, left)?, to_float(cx, right)?) else { return Ok(None) };
        return float_binary(op, a, b).map(Some);
    }
    if let (Some(a), Some(b)) = (wide::of(cx, left), wide::of(cx, right))
        && let Some(result) = wide::binary(op, a, b)
    {
        return Ok(Some(wide::store(cx, result)));
    }
    big_binary(cx, op, left, right)
}

fn has_float_form(op: BinaryOp) -> bool {
    use BinaryOp as Op;
    matches!(op, Op::Add | Op::Sub | Op::Mul | Op::TrueDiv | Op::FloorDiv | Op::Mod | Op::Pow)
}

fn small_binary(cx: &mut Cx<'_>, op: BinaryOp, a: i64, b: i64, both_bool: bool) -> Result<Option<Value>, Raise> {
    let logical = |result: i64| if both_bool { Value::bool(result != 0) } else { Value::int(result) };
    let wide = |cx: &mut Cx<'_>, exact: Option<i64>, wide: fn(i128, i128) -> i128| match exact {
        Some(int) => Value::int(int),
        None => wide::store(cx, wide(i128::from(a), i128::from(b))),
    };
    Ok(Some(match op {
        BinaryOp::Add => wide(cx, a.checked_add(b), |a, b| a + b),
        BinaryOp::Sub => wide(cx, a.checked_sub(b), |a, b| a - b),
        BinaryOp::Mul => wide(cx, a.checked_mul(b), |a, b| a * b),
        BinaryOp::TrueDiv => Value::float(small_true_divide(a, b)?),
        BinaryOp::FloorDiv if b == 0 => return Err(zero_division("integer division or modulo by zero")),
        BinaryOp::FloorDiv => wide(cx, a.checked_div(b).map(|_| Integer::div_floor(&a, &b)), |a, b| a / b),
        BinaryOp::Mod if b == 0 => return Err(zero_division("integer modulo by zero")),
        BinaryOp::Mod => Value::int(if b == -1 { 0 } else { Integer::mod_floor(&a, &b) }),
        BinaryOp::Pow => return small_power(cx, a, b).map(Some),
        BinaryOp::LShift => return shift_left(cx, &BigInt::from(a), b).map(Some),
        BinaryOp::RShift if b < 0 => return Err(Raise::value_error("negative shift count")),
        BinaryOp::RShift => Value::int(a >> b.min(63)),
        BinaryOp::BitAnd => logical(a & b),
        BinaryOp::BitOr => logical(a | b),
        BinaryOp::BitXor => logical(a ^ b),
        BinaryOp::MatMul => return Ok(None),
    }))
}

/// An operator on ints of which at least one is large.
fn big_binary(cx: &mut Cx<'_>, op: BinaryOp, left: Value, right: Value) -> Result<Option<Value>, Raise> {
    let (Some(a), Some(b)) = (operand(cx, left), operand(cx, right)) else { return Ok(None) };
    let (a_bits, b_bits) = (a.bits(), b.bits());
    match op {
        BinaryOp::Pow | BinaryOp::LShift | BinaryOp::RShift | BinaryOp::TrueDiv => {
            let (a, b) = (a.into_owned(), b.into_owned());
            return unequal_binary(cx, op, &a, &b).map(Some);
        }
        BinaryOp::MatMul => return Ok(None),
        BinaryOp::FloorDiv if b.is_zero() => return Err(zero_division("integer division or modulo by zero")),
        BinaryOp::Mod if b.is_zero() => return Err(zero_division("integer modulo by zero")),
        _ => {}
    }
    charge_bits(cx, a_bits.max(b_bits))?;
    match op {
        BinaryOp::Mul => check_product(cx, a_bits, b_bits)?,
        BinaryOp::FloorDiv | BinaryOp::Mod => check_quotient(cx, a_bits, b_bits)?,
        _ => {}
    }
    let result = if let (Some(a), Some(b)) = (cx.as_big(left), small(right)) {
        big_with_small(op, a, b)
    } else if let (Some(a), Some(b), true) = (small(left), cx.as_big(right), commutes(op)) {
        big_with_small(op, b, a)
    } else {
        let (Some(a), Some(b)) = (operand(cx, left), operand(cx, right)) else { return Ok(None) };
        big_with_big(op, &a, &b)
    };
    Ok(Some(cx.int(result)))
}

/// An int of any size as a big integer; borrowed if it is one.
fn operand<'a>(cx: &'a Cx<'_>, value: Value) -> Option<Cow<'a, BigInt>> {
    match small(value) {
        Some(int) => Some(Cow::Owned(BigInt::from(int))),
        None => cx.as_big(value).map(Cow::Borrowed),
    }
}

fn commutes(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Add | BinaryOp::Mul | BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor)
}

/// Addition, multiplication, division and bits with a small second operand: one pass, and no big integer for it.
fn big_with_small(op: BinaryOp, a: &BigInt, b: i64) -> BigInt {
    match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        // A positive divisor: the remainder is a machine word, taken from the modulus if the dividend is negative.
        BinaryOp::Mod if b > 0 => {
            let rest = a.magnitude() % b.unsigned_abs();
            if a.is_negative() && !rest.is_zero() { BigInt::from(b) - BigInt::from(rest) } else { rest.into() }
        }
        BinaryOp::FloorDiv if b > 0 && !a.is_negative() => a / b,
        _ => big_with_big(op, a, &BigInt::from(b)),
    }
}

fn big_with_big(op: BinaryOp, a: &BigInt, b: &BigInt) -> BigInt {
    match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::FloorDiv => a.div_floor(b),
        BinaryOp::Mod => a.mod_floor(b),
        BinaryOp::BitAnd => a & b,
        BinaryOp::BitOr => a | b,
        _ => a ^ b,
    }
}

/// The operators whose results have little to do with the sizes of their operands.
fn unequal_binary(cx: &mut Cx<'_>, op: BinaryOp, a: &BigInt, b: &BigInt) -> Result<Value, Raise> {
    charge_bits(cx, a.bits().max(b.bits()))?;
    match op {
        BinaryOp::TrueDiv => big_true_divide(cx, a, b).map(Value::float),
        BinaryOp::Pow => power(cx, a, b),
        BinaryOp::LShift => match i64::try_from(b) {
            Ok(count) => shift_left(cx, a, count),
            Err(_) => huge_shift_left(a, b),
        },
        _ => shift_right(cx, a, b),
    }
}

/// `divmod` of two numbers; `None` if not both are.
pub(crate) fn divide_with_remainder(
    cx: &mut Cx<'_>,
    left: Value,
    right: Value,
) -> Result<Option<(Value, Value)>, Raise> {
    if !is_number(left) || !is_number(right) {
        return Ok(None);
    }
    if left.tag() == Tag::Float || right.tag() == Tag::Float {
        let (Some(a), Some(b)) = (to_float(cx, left)?, to_float(cx, right)?) else { return Ok(None) };
        if b == 0.0 {
            return Err(zero_division("float divmod()"));
        }
        let (quotient, remainder) = float_div_mod(a, b);
        return Ok(Some((Value::float(quotient), Value::float(remainder))));
    }
    let quotient = binary(cx, BinaryOp::FloorDiv, left, right)?;
    let remainder = binary(cx, BinaryOp::Mod, left, right)?;
    Ok(quotient.zip(remainder))
}

/// `-`, `+`, `~` and `abs` keep to this: the negation of an int of any size.
pub(crate) fn negate(cx: &mut Cx<'_>, value: Value) -> Option<Value> {
    if let Some(float) = value.as_float() {
        return Some(Value::float(-float));
    }
    if let Some(int) = small(value) {
        return Some(match int.checked_neg() {
            Some(negated) => Value::int(negated),
            None => cx.int(-i128::from(int)),
        });
    }
    let negated = -cx.as_big(value)?;
    Some(cx.int(negated))
}

/// `~value` of an int.
pub(crate) fn invert(cx: &mut Cx<'_>, value: Value) -> Option<Value> {
    if let Some(int) = small(value) {
        return Some(Value::int(!int));
    }
    let inverted: BigInt = -(cx.as_big(value)? + 1i32);
    Some(cx.int(inverted))
}

/// `abs(value)` of a number.
pub(crate) fn absolute(cx: &mut Cx<'_>, value: Value) -> Option<Value> {
    if let Some(float) = value.as_float() {
        return Some(Value::float(float.abs()));
    }
    let negative = match small(value) {
        Some(int) => int < 0,
        None => cx.as_big(value)?.is_negative(),
    };
    if negative { negate(cx, value) } else { small(value).map(Value::int).or(Some(value)) }
}

// --- ints ---

fn small_true_divide(a: i64, b: i64) -> Result<f64, Raise> {
    const EXACT: u64 = 1 << 53;
    if b == 0 {
        return Err(zero_division("division by zero"));
    }
    if a.unsigned_abs() <= EXACT && b.unsigned_abs() <= EXACT {
        return Ok(a as f64 / b as f64);
    }
    exact_quotient(&BigInt::from(a), &BigInt::from(b))
}

fn big_true_divide(cx: &mut Cx<'_>, a: &BigInt, b: &BigInt) -> Result<f64, Raise> {
    if b.is_zero() {
        return Err(zero_division("division by zero"));
    }
    check_quotient(cx, a.bits(), b.bits())?;
    exact_quotient(a, b)
}

/// The float nearest to `a / b`: a quotient of at least 66 bits with a sticky bit, rounded once.
fn exact_quotient(a: &BigInt, b: &BigInt) -> Result<f64, Raise> {
    let negative = a.is_negative() != b.is_negative();
    if a.is_zero() {
        return Ok(if negative { -0.0 } else { 0.0 });
    }
    let (a, b) = (a.magnitude(), b.magnitude());
    let exponent = a.bits() as i64 - b.bits() as i64;
    if exponent > 1025 {
        return Err(Raise::overflow_error("integer division result too large for a float"));
    }
    if exponent < -1080 {
        return Ok(if negative { -0.0 } else { 0.0 });
    }
    let shift = 66 - exponent;
    let (quotient, remainder) =
        if shift >= 0 { (a << shift as u64).div_rem(b) } else { a.div_rem(&(b << shift.unsigned_abs())) };
    let bits = u128::try_from(&quotient).expect("67 bits at most") << 1 | u128::from(!remainder.is_zero());
    let float = scale(bits, -(shift + 1) as i32);
    if float.is_infinite() {
        return Err(Raise::overflow_error("integer division result too large for a float"));
    }
    Ok(if negative { -float } else { float })
}

/// `bits * 2^exponent`, rounded once, ties to even.
pub(crate) fn scale(bits: u128, exponent: i32) -> f64 {
    if bits == 0 {
        return 0.0;
    }
    let top = 127 - bits.leading_zeros() as i32 + exponent;
    // The weight of the last bit a float of this size keeps.
    let last = (top - 52).max(-1074);
    let drop = last - exponent;
    let kept = if drop <= 0 {
        return if top > 1023 { f64::INFINITY } else { power_of_two(bits as f64, exponent) };
    } else if drop >= 128 {
        0
    } else {
        let kept = bits >> drop;
        let rest = bits & ((1 << drop) - 1);
        let half = 1u128 << (drop - 1);
        kept + u128::from(rest > half || rest == half && kept & 1 == 1)
    };
    power_of_two(kept as f64, last)
}

/// `float * 2^exponent` where the result is exact or infinite.
fn power_of_two(float: f64, exponent: i32) -> f64 {
    // Two steps: 2^-1074 itself is not a normal number, and 2^1023 times a fraction may still be in range.
    let half = exponent / 2;
    float * 2f64.powi(half) * 2f64.powi(exponent - half)
}

fn small_power(cx: &mut Cx<'_>, base: i64, exponent: i64) -> Result<Value, Raise> {
    if let Ok(exponent) = u32::try_from(exponent)
        && let Some(result) = base.checked_pow(exponent)
    {
        return Ok(Value::int(result));
    }
    power(cx, &BigInt::from(base), &BigInt::from(exponent))
}

fn power(cx: &mut Cx<'_>, base: &BigInt, exponent: &BigInt) -> Result<Value, Raise> {
    if exponent.is_negative() {
        let (Some(a), Some(b)) = (big_to_float(base), big_to_float(exponent)) else {
            return Err(Raise::overflow_error("int too large to convert to float"));
        };
        return float_power(a, b).map(Value::float);
    }
    if exponent.is_zero() || base.is_one() {
        return Ok(Value::int(1));
    }
    if base.is_zero() {
        return Ok(Value::int(0));
    }
    if base.magnitude().is_one() {
        return Ok(Value::int(if exponent.is_even() { 1 } else { -1 }));
    }
    let Ok(count) = u32::try_from(exponent) else { return Err(Raise::memory_error()) };
    // A power of two is a shift: linear, so only memory bounds it.
    let zeros = base.magnitude().trailing_zeros().unwrap_or(0);
    if base.magnitude().bits() == zeros + 1 {
        let sign = if base.is_negative() && count % 2 == 1 { -1 } else { 1 };
        return shift_left(cx, &BigInt::from(sign), (zeros as i64).saturating_mul(i64::from(count)));
    }
    let bits = base.bits().saturating_mul(u64::from(count));
    if bits / 2 > MAX_COSTLY_BITS {
        return Err(Raise::memory_error());
    }
    check_product(cx, bits / 2, bits / 2)?;
    Ok(cx.int(base.pow(count)))
}

fn shift_left(cx: &mut Cx<'_>, value: &BigInt, count: i64) -> Result<Value, Raise> {
    if count < 0 {
        return Err(Raise::value_error("negative shift count"));
    }
    if value.is_zero() {
        return Ok(Value::int(0));
    }
    charge_bits(cx, value.bits().saturating_add(count as u64))?;
    Ok(cx.int(value << count))
}

/// Shifts by more than 2^63.
fn huge_shift_left(value: &BigInt, count: &BigInt) -> Result<Value, Raise> {
    if count.is_negative() {
        return Err(Raise::value_error("negative shift count"));
    }
    if value.is_zero() { Ok(Value::int(0)) } else { Err(Raise::memory_error()) }
}

fn shift_right(cx: &mut Cx<'_>, value: &BigInt, count: &BigInt) -> Result<Value, Raise> {
    if count.is_negative() {
        return Err(Raise::value_error("negative shift count"));
    }
    match u64::try_from(count) {
        // BigInt's own shift rounds towards minus infinity, like Python's.
        Ok(count) if count < value.bits() => Ok(cx.int(value >> count)),
        _ => Ok(Value::int(if value.sign() == Sign::Minus { -1 } else { 0 })),
    }
}

/// Asks for the memory of an int of `bits` bits and charges the work of touching it.
pub(crate) fn charge_bits(cx: &mut Cx<'_>, bits: u64) -> Result<(), Raise> {
    if bits > limits::CHEAP_INT_BITS {
        cx.reserve(usize::try_from(bits / 8).unwrap_or(usize::MAX))?;
        cx.charge_work((bits / 64) as usize);
    }
    Ok(())
}

/// Asks whether the product of numbers of these sizes is affordable, and charges it.
fn check_product(cx: &mut Cx<'_>, a: u64, b: u64) -> Result<(), Raise> {
    let (large, other) = (a.max(b), a.min(b));
    charge_bits(cx, a.saturating_add(b))?;
    if other > 4096 && large > MAX_COSTLY_BITS {
        return Err(Raise::memory_error());
    }
    if large > limits::CHEAP_INT_BITS {
        // Toom-Cook's cost, roughly: the larger side's words times the other side's to the power of 0.46.
        let words = (large / 64) as f64 * ((other / 64 + 1) as f64).powf(0.46);
        cx.charge_work(words as usize);
    }
    Ok(())
}

/// Asks whether dividing numbers of these sizes is affordable, and charges it.
fn check_quotient(cx: &mut Cx<'_>, a: u64, b: u64) -> Result<(), Raise> {
    if a <= limits::CHEAP_INT_BITS || b > a {
        return Ok(());
    }
    let steps = ((a - b) / 64 + 1).saturating_mul(b / 64 + 1);
    if steps > MAX_DIVISION_STEPS {
        return Err(Raise::memory_error());
    }
    cx.charge_work(steps as usize);
    Ok(())
}

// --- floats ---

fn float_binary(op: BinaryOp, a: f64, b: f64) -> Result<Value, Raise> {
    Ok(Value::float(match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::TrueDiv if b == 0.0 => return Err(zero_division("float division by zero")),
        BinaryOp::TrueDiv => a / b,
        BinaryOp::FloorDiv if b == 0.0 => return Err(zero_division("float floor division by zero")),
        BinaryOp::FloorDiv => float_div_mod(a, b).0,
        BinaryOp::Mod if b == 0.0 => return Err(zero_division("float modulo")),
        BinaryOp::Mod => float_div_mod(a, b).1,
        _ => float_power(a, b)?,
    }))
}

/// Floor quotient and the remainder with the divisor's sign.
fn float_div_mod(a: f64, b: f64) -> (f64, f64) {
    let mut remainder = a % b;
    let mut quotient = (a - remainder) / b;
    if remainder == 0.0 {
        remainder = 0f64.copysign(b);
    } else if (b < 0.0) != (remainder < 0.0) {
        remainder += b;
        quotient -= 1.0;
    }
    let quotient = if quotient == 0.0 {
        0f64.copysign(a / b)
    } else {
        // The division above is inexact; the true quotient is the nearest whole number.
        let floor = quotient.floor();
        if quotient - floor > 0.5 { floor + 1.0 } else { floor }
    };
    (quotient, remainder)
}

/// `a ** b` of floats.
pub(crate) fn float_power(a: f64, b: f64) -> Result<f64, Raise> {
    if a == 0.0 && b < 0.0 {
        return Err(zero_division("0.0 cannot be raised to a negative power"));
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b != b.floor() {
        // Python answers with a complex number; the language has none.
        return Err(Raise::value_error("negative number cannot be raised to a fractional power"));
    }
    let result = a.powf(b);
    if result.is_infinite() && a.is_finite() && b.is_finite() {
        return Err(Raise::overflow_error("(34, 'Numerical result out of range')"));
    }
    Ok(result)
}

#[cold]
pub(crate) fn zero_division(message: &str) -> Raise {
    Raise::new(ExcClass::ZeroDivisionError, message)
}

//! Functions from floats to floats, and the rules for when their result is an error.
//!
//! A result that is not a number although the arguments are is a domain error; an infinite result of finite arguments is a
//! range error where the function can overflow, and a domain error (a pole) where it cannot. These are C99's rules as
//! Python applies them.

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};
use scriptling_vm::error::{ExcClass, Raise};
use scriptling_vm::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::value::Value;

use crate::convert::{Int, numbers};

/// `ValueError: math domain error`
#[cold]
pub(super) fn domain_error() -> Raise {
    Raise::value_error("math domain error")
}

/// `OverflowError: math range error`
#[cold]
fn range_error() -> Raise {
    Raise::overflow_error("math range error")
}

/// What an infinite result of a finite argument means.
#[derive(Clone, Copy)]
enum Infinite {
    /// The result is too large: a range error.
    Overflow,
    /// The function has a pole there: a domain error.
    Pole,
}

/// Calls `function` with one converted argument and checks its result.
fn unary(cx: &mut Cx<'_>, value: Value, infinite: Infinite, function: fn(f64) -> f64) -> NativeResult {
    // The everyday case costs no allocation.
    if let Some(x) = value.as_float() {
        return checked(x, function(x), infinite);
    }
    numbers(cx, &[value], move |_, args: Vec<f64>| checked(args[0], function(args[0]), infinite))
}

fn checked(x: f64, result: f64, infinite: Infinite) -> NativeResult {
    if result.is_nan() && !x.is_nan() {
        return Err(domain_error());
    }
    if result.is_infinite() && x.is_finite() {
        return Err(match infinite {
            Infinite::Overflow => range_error(),
            Infinite::Pole => domain_error(),
        });
    }
    Ok(Outcome::Return(Value::float(result)))
}

/// Converts two arguments and calls `function`.
fn binary(cx: &mut Cx<'_>, args: &[Value], function: fn(f64, f64) -> Result<f64, Raise>) -> NativeResult {
    numbers(cx, &args[..2], move |_, args: Vec<f64>| Ok(Outcome::Return(Value::float(function(args[0], args[1])?))))
}

fn predicate(cx: &mut Cx<'_>, value: Value, function: fn(f64) -> bool) -> NativeResult {
    numbers(cx, &[value], move |_, args: Vec<f64>| Ok(Outcome::Return(Value::bool(function(args[0])))))
}

macro_rules! unary_functions {
    ($module:ident: $($name:literal $help:literal $infinite:ident $function:expr;)*) => {
        $($module.raw(concat!($name, "(x, /)"), $help, |cx, args| unary(cx, args[0], Infinite::$infinite, $function));)*
    };
}

/// Registers the functions of this file.
pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    unary_functions! { module:
        "sqrt" "The square root of x." Pole f64::sqrt;
        "cbrt" "The cube root of x." Overflow f64::cbrt;
        "exp" "e raised to the power x." Overflow f64::exp;
        "exp2" "2 raised to the power x." Overflow f64::exp2;
        "expm1" "exp(x) - 1, precise for small x." Overflow f64::exp_m1;
        "log1p" "The natural logarithm of 1 + x, precise for small x." Pole f64::ln_1p;
        "sin" "The sine of x radians." Pole f64::sin;
        "cos" "The cosine of x radians." Pole f64::cos;
        "tan" "The tangent of x radians." Pole f64::tan;
        "asin" "The arc sine of x, in radians." Pole f64::asin;
        "acos" "The arc cosine of x, in radians." Pole f64::acos;
        "atan" "The arc tangent of x, in radians." Pole f64::atan;
        "sinh" "The hyperbolic sine of x." Overflow f64::sinh;
        "cosh" "The hyperbolic cosine of x." Overflow f64::cosh;
        "tanh" "The hyperbolic tangent of x." Pole f64::tanh;
        "asinh" "The inverse hyperbolic sine of x." Pole libm::asinh;
        "acosh" "The inverse hyperbolic cosine of x." Pole acosh;
        "atanh" "The inverse hyperbolic tangent of x." Pole libm::atanh;
        "fabs" "The absolute value of x as a float." Pole f64::abs;
        "degrees" "Converts an angle from radians to degrees." Overflow |x| x * (180.0 / std::f64::consts::PI);
        "radians" "Converts an angle from degrees to radians." Pole |x| x * (std::f64::consts::PI / 180.0);
        "erf" "The error function at x." Pole libm::erf;
        "erfc" "The complementary error function at x." Pole libm::erfc;
        "ulp" "The value of the least significant bit of x." Pole ulp;
    }
    module
        .raw("gamma(x, /)", "The gamma function at x.", |cx, args| special(cx, args[0], gamma))
        .raw("lgamma(x, /)", "The logarithm of the absolute value of the gamma function at x.", |cx, args| {
            special(cx, args[0], lgamma)
        })
        .raw("isnan(x, /)", "Whether x is not a number.", |cx, args| predicate(cx, args[0], f64::is_nan))
        .raw("isinf(x, /)", "Whether x is infinite.", |cx, args| predicate(cx, args[0], f64::is_infinite))
        .raw("isfinite(x, /)", "Whether x is neither infinite nor not a number.", |cx, args| {
            predicate(cx, args[0], f64::is_finite)
        })
        .raw("pow(x, y, /)", "x raised to the power y, as floats.", |cx, args| binary(cx, args, pow))
        .raw("atan2(y, x, /)", "The angle of the point (x, y), in radians.", |cx, args| {
            binary(cx, args, |y, x| Ok(y.atan2(x)))
        })
        .raw("copysign(x, y, /)", "The magnitude of x with the sign of y.", |cx, args| {
            binary(cx, args, |x, y| Ok(x.copysign(y)))
        })
        .raw("fmod(x, y, /)", "The remainder of x / y with the sign of x.", |cx, args| binary(cx, args, fmod))
        .raw("remainder(x, y, /)", "x minus the nearest multiple of y.", |cx, args| binary(cx, args, remainder))
        .raw("nextafter(x, y, /)", "The next float after x towards y.", |cx, args| {
            binary(cx, args, |x, y| Ok(libm::nextafter(x, y)))
        })
        .raw("modf(x, /)", "The fractional and the whole part of x.", modf)
        .raw("frexp(x, /)", "Mantissa and exponent of x: x == m * 2**e.", frexp)
        .raw("ldexp(x, i, /)", "x * 2**i.", ldexp)
        .raw("log(x, base=..., /)", "The logarithm of x, natural unless a base is given.", log)
        .raw("log2(x, /)", "The logarithm of x in base 2.", |cx, args| logarithm(cx, args[0], f64::log2))
        .raw("log10(x, /)", "The logarithm of x in base 10.", |cx, args| logarithm(cx, args[0], f64::log10))
        .raw("isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)", "Whether two numbers are close to each other.", isclose);
}

/// `acosh` without the C library's spurious result below 1.
fn acosh(x: f64) -> f64 {
    if x < 1.0 { f64::NAN } else { libm::acosh(x) }
}

fn ulp(x: f64) -> f64 {
    let x = x.abs();
    if !x.is_finite() {
        return x;
    }
    let above = libm::nextafter(x, f64::INFINITY);
    if above.is_infinite() { x - libm::nextafter(x, 0.0) } else { above - x }
}

/// For functions that decide about errors themselves.
fn special(cx: &mut Cx<'_>, value: Value, function: fn(f64) -> Result<f64, Raise>) -> NativeResult {
    numbers(cx, &[value], move |_, args: Vec<f64>| Ok(Outcome::Return(Value::float(function(args[0])?))))
}

fn gamma(x: f64) -> Result<f64, Raise> {
    if x == f64::NEG_INFINITY || x == 0.0 || (x < 0.0 && x.is_finite() && x.fract() == 0.0) {
        return Err(domain_error());
    }
    let result = libm::tgamma(x);
    if result.is_infinite() && x.is_finite() { Err(range_error()) } else { Ok(result) }
}

fn lgamma(x: f64) -> Result<f64, Raise> {
    if x.is_infinite() {
        return Ok(f64::INFINITY);
    }
    if x <= 0.0 && x.fract() == 0.0 {
        return Err(domain_error());
    }
    let result = libm::lgamma(x);
    if result.is_infinite() { Err(range_error()) } else { Ok(result) }
}

fn pow(x: f64, y: f64) -> Result<f64, Raise> {
    let result = x.powf(y);
    if !x.is_finite() || !y.is_finite() {
        return Ok(result);
    }
    if result.is_nan() || (result.is_infinite() && x == 0.0) {
        return Err(domain_error());
    }
    if result.is_infinite() { Err(range_error()) } else { Ok(result) }
}

fn fmod(x: f64, y: f64) -> Result<f64, Raise> {
    let result = x % y;
    if result.is_nan() && !x.is_nan() && !y.is_nan() { Err(domain_error()) } else { Ok(result) }
}

fn remainder(x: f64, y: f64) -> Result<f64, Raise> {
    let result = libm::remainder(x, y);
    if result.is_nan() && !x.is_nan() && !y.is_nan() { Err(domain_error()) } else { Ok(result) }
}

fn modf(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    numbers(cx, &args[..1], |cx, args: Vec<f64>| {
        let x = args[0];
        let fraction = if x.is_infinite() { 0.0_f64.copysign(x) } else { (x % 1.0).copysign(x) };
        Ok(cx.tuple(&[Value::float(fraction), Value::float(x.trunc())]).into())
    })
}

fn frexp(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    numbers(cx, &args[..1], |cx, args: Vec<f64>| {
        let x = args[0];
        let (mantissa, exponent) = if x.is_finite() { libm::frexp(x) } else { (x, 0) };
        Ok(cx.tuple(&[Value::float(mantissa), Value::int(i64::from(exponent))]).into())
    })
}

fn ldexp(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let exponent = match cx.to_big(args[1]) {
        // Beyond this every float has become zero or infinite.
        Some(exponent) => exponent
            .to_i64()
            .map_or_else(|| if exponent.is_negative() { -5000 } else { 5000 }, |e| e.clamp(-5000, 5000)),
        None => return Err(Raise::type_error("Expected an int as second argument to ldexp.")),
    };
    numbers(cx, &args[..1], move |_, args: Vec<f64>| {
        let result = libm::ldexp(args[0], exponent as i32);
        if result.is_infinite() && args[0].is_finite() { Err(range_error()) } else { Ok(Value::float(result).into()) }
    })
}

fn log(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let numerator = logarithm(cx, args[0], f64::ln)?;
    let base = args[1];
    if base.is_undefined() {
        return Ok(numerator);
    }
    let base = cx.keep(base);
    numerator.and_then(cx, move |cx, numerator| {
        let numerator = numerator.as_float().expect("logarithms are floats");
        let denominator = logarithm(cx, cx.kept(base), f64::ln)?;
        denominator.and_then(cx, move |_, denominator| {
            let denominator = denominator.as_float().expect("logarithms are floats");
            if denominator == 0.0 {
                return Err(Raise::new(ExcClass::ZeroDivisionError, "float division by zero"));
            }
            Ok(Value::float(numerator / denominator).into())
        })
    })
}

/// The logarithm of a float, or of an int of any size.
fn logarithm(cx: &mut Cx<'_>, value: Value, function: fn(f64) -> f64) -> NativeResult {
    if let Some(big) = cx.as_big(value) {
        return Ok(Value::float(logarithm_of_big(big, function)?).into());
    }
    numbers(cx, &[value], move |_, args: Vec<f64>| match args[0] {
        x if x <= 0.0 => Err(domain_error()),
        x => Ok(Value::float(function(x)).into()),
    })
}

/// Also for ints that no float can hold: the logarithm of the leading bits plus that of the power of two.
fn logarithm_of_big(big: &BigInt, function: fn(f64) -> f64) -> Result<f64, Raise> {
    if !big.is_positive() {
        return Err(domain_error());
    }
    if let Some(float) = big.to_f64().filter(|float| float.is_finite()) {
        return Ok(function(float));
    }
    let exponent = big.bits();
    // 64 leading bits, of which the float keeps 53, rounded; as a fraction in [0.5, 1).
    let leading = (big >> (exponent - 64)).to_u64().expect("64 bits remain");
    let mantissa = leading as f64 / 2.0_f64.powi(64);
    Ok(function(mantissa) + function(2.0) * exponent as f64)
}

fn isclose(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    numbers(cx, &args[..4], |_, args: Vec<f64>| {
        let (a, b, relative, absolute) = (args[0], args[1], args[2], args[3]);
        if relative < 0.0 || absolute < 0.0 {
            return Err(Raise::value_error("tolerances must be non-negative"));
        }
        if a == b {
            return Ok(Value::TRUE.into());
        }
        if a.is_infinite() || b.is_infinite() {
            return Ok(Value::FALSE.into());
        }
        let difference = (b - a).abs();
        let close = difference <= (relative * b).abs() || difference <= (relative * a).abs() || difference <= absolute;
        Ok(Value::bool(close).into())
    })
}

/// Gives an [`Int`] to the script.
pub(super) fn int_value(cx: &mut Cx<'_>, int: Int) -> Value {
    match int {
        Int::Small(small) => Value::int(small),
        Int::Big(big) => cx.int(big),
    }
}

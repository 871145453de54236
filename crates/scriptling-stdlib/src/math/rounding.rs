//! `floor`, `ceil` and `trunc`: floats to ints of any size, and the special methods that classes define for them.

use num_bigint::BigInt;
use num_traits::FromPrimitive;
use scriptling_vm::error::Raise;
use scriptling_vm::native::{Cx, ModuleBuilder, NativeResult, Outcome};
use scriptling_vm::operate::attr::special;
use scriptling_vm::value::Value;

use crate::convert::numbers;

/// Registers the functions of this file.
pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    module
        .raw("floor(x, /)", "The largest int that is not above x.", |cx, args| {
            round(cx, args[0], "__floor__", f64::floor)
        })
        .raw("ceil(x, /)", "The smallest int that is not below x.", |cx, args| {
            round(cx, args[0], "__ceil__", f64::ceil)
        })
        .raw("trunc(x, /)", "x without its fractional part, as an int.", trunc);
}

fn round(cx: &mut Cx<'_>, value: Value, method: &str, function: fn(f64) -> f64) -> NativeResult {
    if let Some(float) = value.as_float() {
        return float_to_int(cx, function(float));
    }
    if is_int(cx, value) {
        return Ok(value_as_int(value).into());
    }
    if let Some(callee) = special(cx, value, method) {
        return Ok(Outcome::tail_call(callee, &[value]));
    }
    numbers(cx, &[value], move |cx, args: Vec<f64>| float_to_int(cx, function(args[0])))
}

fn trunc(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let value = args[0];
    if let Some(float) = value.as_float() {
        return float_to_int(cx, float.trunc());
    }
    if is_int(cx, value) {
        return Ok(value_as_int(value).into());
    }
    match special(cx, value, "__trunc__") {
        Some(callee) => Ok(Outcome::tail_call(callee, &[value])),
        None => Err(Raise::type_error(format!("type {} doesn't define __trunc__ method", cx.type_name(value)))),
    }
}

fn is_int(cx: &Cx<'_>, value: Value) -> bool {
    value.as_int().is_some() || value.as_bool().is_some() || cx.as_big(value).is_some()
}

/// `True` and `False` become 1 and 0.
fn value_as_int(value: Value) -> Value {
    value.as_bool().map_or(value, |flag| Value::int(i64::from(flag)))
}

fn float_to_int(cx: &mut Cx<'_>, whole: f64) -> NativeResult {
    // Strictly inside the range: 2^63 itself is a float but not an i64.
    if whole.abs() < 9.2e18 {
        return Ok(Value::int(whole as i64).into());
    }
    match BigInt::from_f64(whole) {
        Some(big) => Ok(cx.int(big).into()),
        None if whole.is_nan() => Err(Raise::value_error("cannot convert float NaN to integer")),
        None => Err(Raise::overflow_error("cannot convert float infinity to integer")),
    }
}

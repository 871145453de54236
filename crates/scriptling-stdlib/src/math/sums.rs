//! Sums, products and distances of many numbers: `fsum`, `prod`, `hypot`, `dist`.
//!
//! `fsum` is exact before its one rounding (it keeps the sum as non-overlapping floats, Shewchuk 1997); `hypot` and `dist`
//! sum squares in doubled precision after scaling, so they neither overflow early nor lose digits.

use num_bigint::BigInt;
use scriptling_vm::error::Raise;
use scriptling_vm::native::{Cx, ModuleBuilder, NativeResult};
use scriptling_vm::value::Value;

use crate::convert::{Int, Number, numbers};

/// Registers the functions of this file.
pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    module
        .raw("fsum(seq, /)", "The sum of floats without loss of precision.", fsum)
        .raw("prod(iterable, /, *, start=1)", "The product of all elements.", prod)
        .raw("hypot(*coordinates)", "The distance of a point from the origin.", hypot)
        .raw("dist(p, q, /)", "The distance between two points.", dist);
}

/// Makes a list of any iterable and goes on with its elements.
fn elements<F>(cx: &mut Cx<'_>, iterable: Value, then: F) -> NativeResult
where
    F: FnOnce(&mut Cx<'_>, Vec<Value>) -> NativeResult + Send + 'static,
{
    if let Some(values) = cx.sequence(iterable) {
        cx.charge_work(values.len());
        return then(cx, values);
    }
    cx.collect(iterable)?.and_then(cx, |cx, list| {
        let values = cx.sequence(list).expect("`collect` gives a list");
        then(cx, values)
    })
}

fn fsum(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    elements(cx, args[0], |cx, values| {
        numbers(cx, &values, |_, floats: Vec<f64>| Ok(Value::float(exact_sum(&floats)?).into()))
    })
}

/// The correctly rounded sum.
fn exact_sum(floats: &[f64]) -> Result<f64, Raise> {
    // Non-overlapping, in increasing magnitude; their exact sum is the sum so far.
    let mut partials: Vec<f64> = Vec::new();
    let (mut special, mut infinities) = (0.0, 0.0);
    for &float in floats {
        let mut x = float;
        let mut kept = 0;
        for index in 0..partials.len() {
            let mut y = partials[index];
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                partials[kept] = low;
                kept += 1;
            }
            x = high;
        }
        partials.truncate(kept);
        if x == 0.0 {
            continue;
        }
        if x.is_finite() {
            partials.push(x);
            continue;
        }
        if float.is_finite() {
            return Err(Raise::overflow_error("intermediate overflow in fsum"));
        }
        if float.is_infinite() {
            infinities += float;
        }
        special += float;
        partials.clear();
    }
    if special != 0.0 {
        if infinities.is_nan() {
            return Err(Raise::value_error("-inf + inf in fsum"));
        }
        return Ok(special);
    }
    Ok(round_partials(&partials))
}

fn round_partials(partials: &[f64]) -> f64 {
    let Some((&last, rest)) = partials.split_last() else { return 0.0 };
    let mut high = last;
    let mut low = 0.0;
    let mut rest = rest;
    while let Some((&next, before)) = rest.split_last() {
        let x = high;
        high = x + next;
        low = next - (high - x);
        rest = before;
        if low != 0.0 {
            break;
        }
    }
    // Half-even across partials: if what remains pushes `low` further from `high`, rounding must follow it.
    if let Some(&below) = rest.last()
        && ((low < 0.0 && below < 0.0) || (low > 0.0 && below > 0.0))
    {
        let doubled = low * 2.0;
        let moved = high + doubled;
        if doubled == moved - high {
            high = moved;
        }
    }
    high
}

fn prod(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let start = cx.keep(args[1]);
    elements(cx, args[0], move |cx, values| {
        let start = cx.kept(start);
        multiply(cx, start, values)
    })
}

/// Multiplies builtin numbers at once and everything else through the operator.
fn multiply(cx: &mut Cx<'_>, start: Value, values: Vec<Value>) -> NativeResult {
    let mut total = start;
    for (index, &value) in values.iter().enumerate() {
        if let Some(product) = quick_product(cx, total, value)? {
            total = product;
            continue;
        }
        let rest = cx.list(&values[index + 1..]);
        let rest = cx.keep(rest);
        return cx.multiply(total, value)?.and_then(cx, move |cx, total| {
            let rest = cx.sequence(cx.kept(rest)).expect("a list was kept");
            multiply(cx, total, rest)
        });
    }
    Ok(total.into())
}

fn quick_product(cx: &mut Cx<'_>, left: Value, right: Value) -> Result<Option<Value>, Raise> {
    if let (Some(a), Some(b)) = (left.as_int(), right.as_int())
        && let Some(product) = a.checked_mul(b)
    {
        return Ok(Some(Value::int(product)));
    }
    let a_float = left.as_float();
    if a_float.is_some() || right.as_float().is_some() {
        let (Some(a), Some(b)) = (f64::convert(cx, left)?, f64::convert(cx, right)?) else { return Ok(None) };
        return Ok(Some(Value::float(a * b)));
    }
    let (Some(a), Some(b)) = (Int::convert(cx, left)?, Int::convert(cx, right)?) else { return Ok(None) };
    let (a, b): (BigInt, BigInt) = (a.into_big(), b.into_big());
    cx.reserve((a.bits() + b.bits()) as usize / 8)?;
    cx.charge_work(((a.bits() / 64 + 1) * (b.bits() / 64 + 1)) as usize);
    Ok(Some(cx.int(a * b)))
}

fn hypot(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let values = cx.sequence(args[0]).unwrap_or_default();
    numbers(cx, &values, |_, floats: Vec<f64>| Ok(Value::float(norm(&floats)).into()))
}

fn dist(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    let other = cx.keep(args[1]);
    elements(cx, args[0], move |cx, p| {
        let p = cx.list(&p);
        let p = cx.keep(p);
        let other = cx.kept(other);
        elements(cx, other, move |cx, q| {
            let mut both = cx.sequence(cx.kept(p)).expect("a list was kept");
            if both.len() != q.len() {
                return Err(Raise::value_error("both points must have the same number of dimensions"));
            }
            both.extend(q);
            numbers(cx, &both, |_, floats: Vec<f64>| {
                let (p, q) = floats.split_at(floats.len() / 2);
                let differences: Vec<f64> = p.iter().zip(q).map(|(p, q)| p - q).collect();
                Ok(Value::float(norm(&differences)).into())
            })
        })
    })
}

/// The length of a vector, within a hair of the correctly rounded one.
fn norm(coordinates: &[f64]) -> f64 {
    let largest = coordinates.iter().fold(0.0_f64, |largest, x| largest.max(x.abs()));
    if coordinates.iter().any(|x| x.is_infinite()) {
        return f64::INFINITY;
    }
    if coordinates.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    if largest == 0.0 || coordinates.len() == 1 {
        return largest;
    }
    // A power of two, so that scaling loses nothing (unless it makes a coordinate subnormal, which then does not matter).
    let (_, exponent) = libm::frexp(largest);
    let scale = |x: f64| libm::scalbn(x, -exponent);
    // The sum of squares as high + low.
    let (mut high, mut low) = (0.0_f64, 0.0_f64);
    for &x in coordinates {
        let x = scale(x);
        let square = x * x;
        let square_error = x.mul_add(x, -square);
        let sum = high + square;
        let taken = sum - high;
        low += (high - (sum - taken)) + (square - taken) + square_error;
        high = sum;
    }
    let total = high + low;
    let rest = low - (total - high);
    let root = total.sqrt();
    // One Newton step on the remainder: total + rest - root^2, exactly.
    let remainder = (-root).mul_add(root, total) + rest;
    libm::scalbn(root + remainder / (2.0 * root), exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_rounded_once() {
        assert_eq!(exact_sum(&[0.1; 10]).expect("finite"), 1.0);
        assert_eq!(exact_sum(&[1e100, 1.0, -1e100]).expect("finite"), 1.0);
        assert_eq!(exact_sum(&[]).expect("finite"), 0.0);
        // Half-way between two floats, decided by a partial far below.
        assert_eq!(exact_sum(&[1e16, 1.0, 1e-16]).expect("finite"), 10_000_000_000_000_002.0);
        assert!(exact_sum(&[f64::INFINITY, f64::NEG_INFINITY]).is_err());
        assert_eq!(exact_sum(&[f64::INFINITY, 1.0]).expect("infinite"), f64::INFINITY);
        assert!(exact_sum(&[1e308, 1e308]).is_err());
    }

    #[test]
    fn norms_neither_overflow_nor_lose_digits() {
        assert_eq!(norm(&[3.0, 4.0]), 5.0);
        // As CPython: the coordinates are not exactly 3 and 4 times the same number.
        assert_eq!(norm(&[3e200, 4e200]), 4.999_999_999_999_999_5e200);
        assert_eq!(norm(&[3e-200, 4e-200]), 5e-200);
        assert_eq!(norm(&[1.0, 1.0, 1.0]), 3.0_f64.sqrt());
        assert_eq!(norm(&[]), 0.0);
        assert!(norm(&[f64::NAN, 1.0]).is_nan());
        assert_eq!(norm(&[f64::NAN, f64::INFINITY]), f64::INFINITY);
    }
}

//! Exact functions of ints: `gcd`, `lcm`, `isqrt`, `factorial`, `comb`, `perm`.
//!
//! The last three make results much larger than their arguments, so the size of the result is estimated first: memory is
//! asked for, work is charged, and what would take minutes in one native call is refused.

use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
use num_traits::{One, ToPrimitive, Zero};
use scriptling_vm::error::Raise;
use scriptling_vm::native::{Cx, ModuleBuilder, NativeResult};
use scriptling_vm::value::Value;

use super::real::int_value;
use crate::convert::{Int, numbers};

/// Bits of the largest result: 10 million digits take some seconds, and a native cannot be interrupted.
const MAX_RESULT_BITS: f64 = (1_u32 << 25) as f64;

/// Products of fewer factors are multiplied one after the other.
const PRODUCT_LEAF: u64 = 16;

/// Registers the functions of this file.
pub(super) fn define(module: &mut ModuleBuilder<'_>) {
    module
        .raw("gcd(*integers)", "The greatest common divisor of all arguments.", |cx, args| {
            fold(cx, args, 0, |a, b| Some(a.gcd(&b)), Integer::gcd)
        })
        .raw("lcm(*integers)", "The least common multiple of all arguments.", |cx, args| {
            fold(cx, args, 1, small_lcm, Integer::lcm)
        })
        .raw("isqrt(n, /)", "The integer part of the square root of n.", isqrt)
        .raw("factorial(n, /)", "n!", factorial)
        .raw("comb(n, k, /)", "The number of ways to choose k of n items without order.", comb)
        .raw("perm(n, k=None, /)", "The number of ways to choose k of n items with order.", perm);
}

/// Folds the magnitudes of `*integers`, in machine words while they last.
fn fold(
    cx: &mut Cx<'_>,
    args: &[Value],
    start: u64,
    small: fn(u64, u64) -> Option<u64>,
    big: fn(&BigUint, &BigUint) -> BigUint,
) -> NativeResult {
    let values = cx.sequence(args[0]).unwrap_or_default();
    numbers(cx, &values, move |cx, integers: Vec<Int>| {
        let mut word = Some(start);
        let mut total = BigUint::from(start);
        for integer in integers {
            if let (Some(so_far), Int::Small(integer)) = (word, &integer)
                && let Some(next) = small(so_far, integer.unsigned_abs())
            {
                word = Some(next);
                total = BigUint::ZERO;
                continue;
            }
            if let Some(so_far) = word.take() {
                total = BigUint::from(so_far);
            }
            let integer = integer.into_big().magnitude().clone();
            let words = (total.bits() + integer.bits()) as usize / 64 + 1;
            cx.reserve(words * 8)?;
            // Euclid's algorithm is quadratic in the words.
            cx.charge_work(words * words);
            total = big(&total, &integer);
        }
        let total = word.map_or(total, BigUint::from);
        Ok(cx.int(BigInt::from(total)).into())
    })
}

/// The least common multiple, if a machine word holds it.
fn small_lcm(a: u64, b: u64) -> Option<u64> {
    if a == 0 || b == 0 { Some(0) } else { (a / a.gcd(&b)).checked_mul(b) }
}

fn isqrt(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    numbers(cx, &args[..1], |cx, mut args: Vec<Int>| {
        let n = args.remove(0);
        if n.is_negative() {
            return Err(Raise::value_error("isqrt() argument must be nonnegative"));
        }
        let root = match n {
            Int::Small(small) => Int::Small(small.unsigned_abs().isqrt() as i64),
            Int::Big(big) => Int::Big(big.sqrt()),
        };
        Ok(int_value(cx, root).into())
    })
}

fn factorial(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    numbers(cx, &args[..1], |cx, mut args: Vec<Int>| {
        let n = args.remove(0);
        if n.is_negative() {
            return Err(Raise::value_error("factorial() not defined for negative values"));
        }
        let Int::Small(n) = n else {
            return Err(Raise::overflow_error(format!("factorial() argument should not exceed {}", i64::MAX)));
        };
        let n = n.unsigned_abs();
        ask_for_product(cx, n, n)?;
        Ok(cx.int(BigInt::from(product(1, n))).into())
    })
}

fn comb(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    numbers(cx, &args[..2], |cx, args: Vec<Int>| {
        let (n, k) = two_sizes(args)?;
        if k > n {
            return Ok(Value::int(0).into());
        }
        let k = k.clone().min(&n - k);
        let Some(k) = k.to_u64() else {
            return Err(Raise::overflow_error(format!("min(n - k, k) must not exceed {}", u64::MAX)));
        };
        let numerator = falling(cx, &n, k)?;
        Ok(cx.int(BigInt::from(numerator / product(1, k))).into())
    })
}

fn perm(cx: &mut Cx<'_>, args: &[Value]) -> NativeResult {
    if args[1].is_none() {
        return factorial(cx, &args[..1]);
    }
    numbers(cx, &args[..2], |cx, args: Vec<Int>| {
        let (n, k) = two_sizes(args)?;
        if k > n {
            return Ok(Value::int(0).into());
        }
        let Some(k) = k.to_u64() else {
            return Err(Raise::overflow_error(format!("k must not exceed {}", u64::MAX)));
        };
        let result = falling(cx, &n, k)?;
        Ok(cx.int(BigInt::from(result)).into())
    })
}

fn two_sizes(mut args: Vec<Int>) -> Result<(BigUint, BigUint), Raise> {
    let k = args.remove(1);
    let n = args.remove(0);
    if n.is_negative() {
        return Err(Raise::value_error("n must be a non-negative integer"));
    }
    if k.is_negative() {
        return Err(Raise::value_error("k must be a non-negative integer"));
    }
    Ok((n.into_big().magnitude().clone(), k.into_big().magnitude().clone()))
}

/// `n * (n - 1) * ...`, `k` factors.
fn falling(cx: &mut Cx<'_>, n: &BigUint, k: u64) -> Result<BigUint, Raise> {
    if let Some(n) = n.to_u64() {
        ask_for_product(cx, n, k)?;
        return Ok(product(n - k + 1, n));
    }
    ask_for_bits(cx, n.bits() as f64 * k as f64)?;
    let mut result = BigUint::one();
    for step in 0..k {
        result *= n - step;
    }
    Ok(result)
}

/// The product of all numbers from `from` to `to`, by halves: multiplying large by large is where fast algorithms pay.
fn product(from: u64, to: u64) -> BigUint {
    if from > to {
        return BigUint::one();
    }
    if to - from < PRODUCT_LEAF {
        let mut result = BigUint::from(from);
        for factor in from + 1..=to {
            result *= factor;
        }
        return if result.is_zero() { BigUint::one() } else { result };
    }
    let middle = from + (to - from) / 2;
    product(from, middle) * product(middle + 1, to)
}

/// Asks for the product of the `count` numbers up to `largest`.
fn ask_for_product(cx: &mut Cx<'_>, largest: u64, count: u64) -> Result<(), Raise> {
    ask_for_bits(cx, count as f64 * (largest.max(2) as f64).log2())
}

fn ask_for_bits(cx: &mut Cx<'_>, bits: f64) -> Result<(), Raise> {
    if bits > MAX_RESULT_BITS {
        return Err(Raise::memory_error());
    }
    // Operands and result live together for a moment.
    cx.reserve(bits as usize / 8 * 3)?;
    // Multiplication is not linear: charge words times a few passes over them.
    cx.charge_work(bits as usize / 64 * 16);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_by_halves_are_factorials() {
        assert_eq!(product(1, 0), BigUint::one());
        assert_eq!(product(1, 1), BigUint::one());
        let mut expected = BigUint::one();
        for n in 1..=200_u64 {
            expected *= n;
            assert_eq!(product(1, n), expected);
        }
        assert_eq!(product(48, 50), BigUint::from(117_600_u32));
    }
}

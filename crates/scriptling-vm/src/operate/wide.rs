//! Ints of up to 127 bits: arithmetic without the allocations that big integers cost.
//!
//! Programs that leave 64 bits mostly stay near them: products of two hashes, numbers of twenty digits, moduli of
//! cryptographic toys. All of that is a few machine instructions in `i128`.

use num_bigint::{BigInt, Sign};
use num_integer::Integer;

use super::number::small;
use crate::heap::BigInteger;
use crate::native::Cx;
use crate::op::BinaryOp;
use crate::value::Value;

/// An int whose magnitude is below 2^127.
#[inline]
pub(crate) fn of(cx: &Cx<'_>, value: Value) -> Option<i128> {
    match small(value) {
        Some(int) => Some(i128::from(int)),
        None => of_big(cx.as_big(value)?),
    }
}

/// The same for a big integer.
#[inline]
pub(crate) fn of_big(big: &BigInt) -> Option<i128> {
    let mut words = big.magnitude().iter_u64_digits();
    if words.len() > 2 {
        return None;
    }
    let (low, high) = (words.next().unwrap_or(0), words.next().unwrap_or(0));
    let magnitude = i128::try_from(u128::from(high) << 64 | u128::from(low)).ok()?;
    Some(if big.sign() == Sign::Minus { -magnitude } else { magnitude })
}

/// The int as a value.
#[inline]
pub(crate) fn store(cx: &mut Cx<'_>, int: i128) -> Value {
    match i64::try_from(int) {
        Ok(small) => Value::int(small),
        Err(_) => cx.heap_mut().value(BigInteger(BigInt::from(int))),
    }
}

/// An operator on two such ints; `None` if the result is larger, or the operator has its own rules (powers, left shifts,
/// true division, division by zero).
#[inline]
pub(crate) fn binary(op: BinaryOp, a: i128, b: i128) -> Option<i128> {
    match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Mul => a.checked_mul(b),
        BinaryOp::FloorDiv if b != 0 => Some(Integer::div_floor(&a, &b)),
        BinaryOp::Mod if b != 0 => Some(Integer::mod_floor(&a, &b)),
        BinaryOp::BitAnd => Some(a & b),
        BinaryOp::BitOr => Some(a | b),
        BinaryOp::BitXor => Some(a ^ b),
        BinaryOp::RShift if b >= 0 => Some(a >> b.min(127)),
        _ => None,
    }
}

/// `base ** exponent % modulus` for an odd modulus above 1 and below 2^127, in Montgomery form.
pub(crate) fn power_modulo(base: i128, exponent: &BigInt, modulus: i128) -> i128 {
    let modulus = Montgomery::new(modulus.unsigned_abs());
    let base = modulus.enter(Integer::mod_floor(&base, &(modulus.n as i128)) as u128);
    let mut result = modulus.enter(1);
    for word in exponent.magnitude().iter_u64_digits().rev() {
        for bit in (0..64).rev() {
            result = modulus.multiply(result, result);
            if word >> bit & 1 == 1 {
                result = modulus.multiply(result, base);
            }
        }
    }
    // Below the modulus, so it fits.
    modulus.multiply(result, 1) as i128
}

/// Multiplication modulo an odd `n` below 2^127, of numbers kept as their product with 2^128.
struct Montgomery {
    n: u128,
    /// `-1 / n` modulo 2^128.
    inverse: u128,
    /// 2^256 modulo `n`: multiplying by it enters the form.
    square: u128,
}

impl Montgomery {
    fn new(n: u128) -> Montgomery {
        // Newton's iteration doubles the number of right bits; an odd number is its own inverse modulo 8.
        let mut inverse = n;
        for _ in 0..6 {
            inverse = inverse.wrapping_mul(2u128.wrapping_sub(n.wrapping_mul(inverse)));
        }
        // 2^128 modulo n, doubled 128 times. n is below 2^127, so doubling does not overflow.
        let mut square = (u128::MAX % n + 1) % n;
        for _ in 0..128 {
            square <<= 1;
            if square >= n {
                square -= n;
            }
        }
        Montgomery { n, inverse: inverse.wrapping_neg(), square }
    }

    fn enter(&self, value: u128) -> u128 {
        self.multiply(value, self.square)
    }

    /// `a * b / 2^128` modulo `n`, for `a` and `b` below `n`.
    #[inline]
    fn multiply(&self, a: u128, b: u128) -> u128 {
        let (low, high) = product(a, b);
        let factor = low.wrapping_mul(self.inverse);
        let (low_2, high_2) = product(factor, self.n);
        let carry = u128::from(low.overflowing_add(low_2).1);
        // Both halves are below n, which is below 2^127.
        let result = high + high_2 + carry;
        if result >= self.n { result - self.n } else { result }
    }
}

/// The 256 bits of a product, low half first.
#[inline]
fn product(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a0, a1, b0, b1) = (a & LOW, a >> 64, b & LOW, b >> 64);
    let (low, middle_1, middle_2, high) = (a0 * b0, a0 * b1, a1 * b0, a1 * b1);
    let middle = (low >> 64) + (middle_1 & LOW) + (middle_2 & LOW);
    (low & LOW | middle << 64, high + (middle_1 >> 64) + (middle_2 >> 64) + (middle >> 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_agree_with_big_integers() {
        let moduli = [3, 5, 0xffff_ffff_ffff_ffc5, (1 << 89) - 1, i128::MAX, 10i128.pow(24) + 7, 10i128.pow(38) + 1];
        let bases = [0, 1, 2, 17, -5, u64::MAX.into(), 1 << 100, i128::MAX, i128::MIN + 1];
        for modulus in moduli {
            for base in bases {
                for exponent in [0i128, 1, 2, 3, 65537, 1 << 90, i128::MAX] {
                    let exponent = BigInt::from(exponent);
                    let expected = BigInt::from(base).modpow(&exponent, &BigInt::from(modulus));
                    assert_eq!(BigInt::from(power_modulo(base, &exponent, modulus)), expected);
                }
            }
        }
    }

    #[test]
    fn conversions_stop_at_127_bits() {
        let edge = BigInt::from(1) << 127;
        assert_eq!(of_big(&edge), None);
        assert_eq!(of_big(&-edge.clone()), None);
        assert_eq!(of_big(&(&edge - 1)), Some(i128::MAX));
        assert_eq!(of_big(&(1 - edge)), Some(-i128::MAX));
        assert_eq!(of_big(&BigInt::from(0)), Some(0));
    }
}
